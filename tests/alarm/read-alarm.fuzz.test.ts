import fc from 'fast-check';
import type { NewIncident } from '../../functions/record/incident';
import { event, type LooseEvent, shapes } from '../fixtures/events';
import { lambdaContext, setEnvironment } from '../fixtures/lambda';
import { collectLogs } from '../fixtures/logs';

setEnvironment();

import { handler } from '../../functions/alarm/read-alarm';
import { cloudWatch } from '../../functions/shared/clients/cloudwatch';

/** Every hostile text carries this, so that a leak is seen wherever it comes out. */
const mark = 'PLANTED';
const commands: string[] = [];

beforeAll(() => {
  cloudWatch.middlewareStack.add(
    (_next, { commandName }) =>
      async () => {
        commands.push(String(commandName));
        return { response: {}, output: { $metadata: {}, MetricAlarms: [], CompositeAlarms: [] } };
      },
    { step: 'initialize', priority: 'high' },
  );
});

const hostileText = fc.oneof(
  fc.constantFrom(
    `$(reboot ${mark})`,
    `line\r\nbreak ${mark}`,
    `{"__proto__":{"admin":"${mark}"}}`,
    `<script>${mark}</script>`,
    `\u202e${mark}`,
    `\u0000${mark}`,
    `../../${mark}`,
    `\${jndi:ldap://${mark}}`,
    `i-0123456789abcdef0 ${mark}`,
    `${mark}${'x'.repeat(300_000)}`,
  ),
  fc.string().map((text) => mark + text),
);
const hostileValue = fc.oneof(
  hostileText,
  fc.constantFrom<unknown>(null, true, -1, 1e308, [], {}, [[[[[]]]]], '', 0),
  fc.dictionary(fc.constantFrom('__proto__', 'constructor', 'InstanceId', mark), hostileText),
  fc.array(hostileText, { maxLength: 3 }),
);

/** Every place in an event, as a path of keys. */
function paths(value: unknown, at: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, inner]) => paths(inner, [...at, key]))];
}

/** Every object in an event. */
function branches(value: LooseEvent): LooseEvent[] {
  if (typeof value !== 'object' || value === null) return [];
  return [...(Array.isArray(value) ? [] : [value]), ...Object.values(value).flatMap(branches)];
}

function setAt(target: LooseEvent, path: string[], value: unknown): LooseEvent {
  if (path.length === 0) return value;
  const parent = path.slice(0, -1).reduce((inner, key) => inner[key], target);
  parent[path.at(-1)!] = value;
  return target;
}

const mutated = fc
  .tuple(fc.constantFrom(...shapes), fc.nat(), hostileValue, fc.boolean())
  .map(([shape, where, value, asDrill]) => {
    const original = event(shape);
    const places = paths(original);
    const changed = setAt(original, places[where % places.length]!, value);
    return asDrill ? { start: 'drill', event: changed } : changed;
  });
/** A key that nobody asked for, in any object of an event: its name must not come out either. */
const hostileKey = fc.constantFrom(mark, `$(reboot) ${mark}`, `${mark}\r\n{}`, `__proto__${mark}`, `i-${mark}`);
const extended = fc
  .tuple(fc.constantFrom(...shapes), fc.nat(), hostileKey, hostileValue)
  .map(([shape, where, key, value]) => {
    const original = event(shape);
    const objects = branches(original);
    objects[where % objects.length]![key] = value;
    return original;
  });
const manualStart = fc.record({
  start: fc.constant('manual'),
  instanceId: hostileValue,
  reason: hostileValue,
  requestedBy: hostileValue,
});
const payload = fc.oneof(
  { weight: 6, arbitrary: mutated },
  { weight: 2, arbitrary: extended },
  { weight: 1, arbitrary: manualStart },
  { weight: 2, arbitrary: fc.anything() },
);

function wrongWithLog(lines: readonly string[]): string[] {
  const [line = ''] = lines;
  return [
    ...(lines.length === 1 ? [] : [`${lines.length} log lines`]),
    ...(isJson(line) ? [] : ['a log line that is no JSON']),
    ...(line.includes(mark) ? ['a log line that repeats the payload'] : []),
  ];
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const wrongWithError = ({ name, message }: Error): string[] => [
  ...(name === 'InvalidInputError' ? [] : [`ended with ${name}`]),
  ...(message.includes(mark) ? ['an error that repeats the payload'] : []),
];

function wrongWithIncident({ instanceId, alarm, request }: NewIncident): string[] {
  const texts = [alarm?.alarmName, alarm?.alarmArn, alarm?.reason, alarm?.contributorId, request?.reason];
  const isAnInstance = instanceId === undefined || /^i-([0-9a-f]{8}|[0-9a-f]{17})$/.test(instanceId);
  return [
    ...(isAnInstance ? [] : ['an instance id that is none']),
    ...texts.filter((text) => /\p{Cc}/u.test(text ?? '')).map(() => 'a control character'),
  ];
}

const runs = Number(process.env.FUZZ_RUNS ?? 10_000);

test(`${runs} random, changed and hostile payloads: no crash, no change, one log line each, nothing repeated`, async () => {
  const seen = { incidents: 0, rejections: 0 };
  const act = async (raw: unknown) => {
    const { lines, result } = await collectLogs(async () => {
      try {
        return await handler({ event: raw, executionId: 'execution', playbook: 'restart-instance' }, lambdaContext);
      } catch (error) {
        return error;
      }
    });
    if (result instanceof Error) seen.rejections++;
    else seen.incidents++;
    // Not an `expect` for each: seven times a hundred thousand of them take longer than all that is tested.
    const wrong = [
      ...wrongWithLog(lines),
      ...(result instanceof Error ? wrongWithError(result) : wrongWithIncident(result as NewIncident)),
    ];
    if (wrong.length > 0) throw new Error(wrong.join('; '));
  };

  await fc.assert(fc.asyncProperty(payload, act), { numRuns: runs, seed: 20261124 });

  expect(new Set(commands)).toEqual(new Set(['DescribeAlarmsCommand']));
  expect(seen.incidents).toBeGreaterThan(runs / 100);
  expect(seen.rejections).toBeGreaterThan(runs / 100);
}, 900_000);
