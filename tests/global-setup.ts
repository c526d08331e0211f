import { readdirSync } from 'node:fs';
import type { Config } from '@jest/types';
import { packageStage } from '../drill/packaging/package-stage';
import { howLong, lastTook } from './how-long';

const suites = () =>
  readdirSync(__dirname, { recursive: true }).filter((file) => String(file).endsWith('.test.ts')).length;

/** Says first how long a whole run takes, and packages the stage that the drills of the tests run, once. */
export default async function setup(
  { testPathPatterns, maxWorkers }: Config.GlobalConfig,
  { testMatch }: Config.ProjectConfig,
): Promise<void> {
  const isWhole = !testPathPatterns.isSet() && testMatch.includes('**/*.test.ts');
  if (isWhole) process.stdout.write(`\n${howLong(suites(), maxWorkers, lastTook())}\n`);
  await packageStage('dev');
}
