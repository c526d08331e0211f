import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a validator that takes its time was asked before. */
export interface Known {
  isValid: boolean;
  /** Remembers that it is. */
  remember(): void;
}

/**
 * Whether exactly this was found valid before: each is remembered as a file of its own, by its hash.
 * @param folder where it is remembered
 * @param validator what tells one release of the validator from another, and the options that it is given
 */
export function knownValid(folder: string, validator: string | Buffer, definition: object): Known {
  const hash = createHash('sha256').update(validator).update(JSON.stringify(definition)).digest('hex');
  const mark = join(folder, hash);
  return {
    isValid: existsSync(mark),
    remember: () => {
      mkdirSync(folder, { recursive: true });
      writeFileSync(mark, '');
    },
  };
}
