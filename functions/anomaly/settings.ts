import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { jointDetectors } from './joint-finding';

const schema = z.object({ DETECTOR: z._default(z.optional(z.enum(jointDetectors)), 'ensemble') });

/** What the stage sets for scoring. @throws InvalidInputError naming the variable */
export const readScoreSettings = (environment: NodeJS.ProcessEnv = process.env): z.output<typeof schema> =>
  parseWith(schema, environment, 'environment');
