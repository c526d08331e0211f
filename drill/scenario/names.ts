import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PlaybookError } from '../../functions/shared/errors';
import { didYouMean } from '../input/did-you-mean';
import { quote } from '../input/quote';

/** A scenario's file is wrong, or there is none; of a file the message begins with file, line and column. */
export class ScenarioError extends PlaybookError {}

/** Where the scenarios are that come with the project. */
export const scenarioFolder = join(__dirname, '..', 'scenarios');

/** Names of the scenarios that come with the project, in alphabetical order. */
export async function scenarioNames(): Promise<string[]> {
  const files = await readdir(scenarioFolder);
  return files
    .filter((file) => file.endsWith('.yml'))
    .map((file) => basename(file, '.yml'))
    .sort();
}

/** @throws ScenarioError when there is no scenario of that name, with the one that may be meant */
export async function requireScenario(name: string): Promise<void> {
  const names = await scenarioNames();
  if (names.includes(name)) return;
  const all = `There are: ${names.join(', ')}.`;
  throw new ScenarioError(`There is no scenario ${quote(name)}.${didYouMean(name, names)} ${all}`);
}
