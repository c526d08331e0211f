import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { alarmKinds } from './alarm-kinds';

const positive = z.pipe(
  z.matching(/^\d{1,15}(\.\d{1,6})?$/, 'a number'),
  z.transform((text: string) => Number(text)),
);

/**
 * The stage's alarm thresholds, and how many minutes alarms wait, by the name of their setting.
 * @throws InvalidInputError naming the variable that is missing or not a number
 */
export function readThresholds(environment: NodeJS.ProcessEnv = process.env): Record<string, number> {
  const settings = [...alarmKinds.map(({ override }) => override), ...alarmKinds.map(({ lasting }) => lasting)];
  return Object.fromEntries(
    settings
      .flatMap((one) => one?.setting ?? [])
      .map((name) => [name, parseWith(positive, environment[name], `environment.${name}`)]),
  );
}
