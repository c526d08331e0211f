import type { Stack } from '../stack/stack';
import { later } from '../time/later';
import type { Scenario } from './schema';

type LogGroup = Scenario['account']['logGroups'][number];

/** Writes the lines of a log group, each at its time, and deletes the group if the scenario says so. */
export function writeLog({ name, lines, deletedAtMinute }: LogGroup, { cloud, instanceIds }: Stack): void {
  const start = Date.now();
  const address = cloud.ec2.find(instanceIds[0] ?? '')?.life.publicIp ?? '';
  for (const { minute, count, secondsApart, message, stream, delayMinutes } of lines) {
    for (let n = 0; n < count; n += 1) {
      const at = start + minute * 60_000 + n * secondsApart * 1000;
      const filled = (text: string) =>
        text
          .replaceAll('{n}', String(n))
          .replaceAll('{instance}', instanceIds[0] ?? '')
          .replaceAll('{address}', address)
          .replaceAll('{time}', new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z'));
      cloud.logs.groups.write(name, {
        at,
        message: filled(message),
        stream: filled(stream),
        delayMs: delayMinutes * 60_000,
      });
    }
  }
  if (deletedAtMinute !== undefined) later(deletedAtMinute * 60_000, () => cloud.logs.groups.delete(name));
}
