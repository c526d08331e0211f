import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { StateMachine } from 'aws-local-stepfunctions';
import { knownValid } from '../../packaging/known-valid';
import type { EngineDefinition } from './definition';

const root = join(__dirname, '..', '..');

/** What another release of the engine would say of a definition is not known: its package says which one this is. */
const engineAsInstalled = readFileSync(
  join(dirname(createRequire(__filename).resolve('aws-local-stepfunctions')), '..', 'package.json'),
);

/**
 * Makes the engine of a machine, which validates its definition: once for each definition, since the validator compiles
 * its schemas anew each time, for seconds. Those that passed are remembered in `.drill/validated/`.
 * @param folder where they are remembered
 * @throws the engine's own error when the definition is not valid
 */
export function validated(
  Engine: typeof StateMachine,
  definition: EngineDefinition,
  folder = join(root, '.drill', 'validated'),
): StateMachine {
  const known = knownValid(folder, engineAsInstalled, definition);
  const engine = new Engine(definition, { validationOptions: { noValidate: known.isValid } });
  if (!known.isValid) known.remember();
  return engine;
}
