import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { alarmKinds } from './alarm-kinds';

const positive = z.pipe(
  z.matching(/^\d{1,15}(\.\d{1,6})?$/, 'a number'),
  z.transform((text: string) => Number(text)),
);

/**
 * The stage's alarm thresholds by the name of their setting.
 * @throws InvalidInputError naming the variable that is missing or not a number
 */
export function readThresholds(environment: NodeJS.ProcessEnv = process.env): Record<string, number> {
  const settings = alarmKinds.flatMap(({ override }) => (override ? [override.setting] : []));
  return Object.fromEntries(
    settings.map((name) => [name, parseWith(positive, environment[name], `environment.${name}`)]),
  );
}
