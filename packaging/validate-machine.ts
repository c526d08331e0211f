import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import validate from 'asl-validator';
import { knownValid } from './known-valid';

/** The check, and what it adds to a definition: another release may find another one valid. */
const validator = readFileSync(
  join(dirname(createRequire(__filename).resolve('asl-validator')), '..', '..', 'package.json'),
);

/**
 * Validates a machine's definition, once for each: the validator compiles its schemas anew each time. It writes the query
 * language into each state, and so does this. ARNs are not checked: serverless-step-functions' own check, which allows no
 * `${AWS::Partition}` in them, is off for the same reason.
 * @param folder where valid definitions are remembered
 * @param check validates; only tests use another
 * @returns what is not valid, or undefined
 */
export function validateMachine(definition: object, folder: string, check = validate): string | undefined {
  const known = knownValid(folder, validator, definition);
  if (known.isValid) {
    writeLanguage(definition, (definition as { QueryLanguage?: string }).QueryLanguage ?? 'JSONPath');
    return undefined;
  }
  const { isValid, errorsText } = check(definition, { checkPaths: true, checkArn: false });
  if (!isValid) return errorsText();
  known.remember();
  return undefined;
}

/** Into each state of each `States` at any depth, as the validator does. */
function writeLanguage(node: unknown, language: string): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === 'States') for (const state of Object.values(value as object)) state.QueryLanguage ||= language;
    writeLanguage(value, language);
  }
}
