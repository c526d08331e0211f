import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PlaybookError } from '../../functions/shared/errors';
import { didYouMean } from '../input/did-you-mean';
import { quote } from '../input/quote';

/** A scenario file is not valid or does not exist; for a file, the message begins with file, line and column. */
export class ScenarioError extends PlaybookError {}

/** The folder of the project's scenarios. */
export const scenarioFolder = join(__dirname, '..', 'scenarios');

/** Names of the project's scenarios, in alphabetical order. */
export async function scenarioNames(): Promise<string[]> {
  const files = await readdir(scenarioFolder);
  return files
    .filter((file) => file.endsWith('.yml'))
    .map((file) => basename(file, '.yml'))
    .sort();
}

/** @throws ScenarioError if there is no scenario of that name, with a suggestion if one is similar */
export async function requireScenario(name: string): Promise<void> {
  const names = await scenarioNames();
  if (names.includes(name)) return;
  const all = `Choose one of: ${names.join(', ')}.`;
  throw new ScenarioError(`There is no scenario ${quote(name)}.${didYouMean(name, names)} ${all}`);
}
