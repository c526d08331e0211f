import type { Config } from '../shared/config';
import { InvalidInputError } from '../shared/errors';
import { accountSchema } from '../shared/identifiers';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { questionIdSchema, subjectSchema } from './approval';
import { authorizedSchema, type Caller, callerFrom, UnverifiedCallerError } from './caller';

/** A request to the function URL; of anything else only that it is not one is of interest. */
export const requestSchema = z.looseObject({
  requestContext: z.optional(z.looseObject({ authorizer: z.optional(z.nullable(z.looseObject({}))) })),
  body: z.optional(z.unknown()),
  isBase64Encoded: z.optional(z.boolean()),
});
type Request = z.output<typeof requestSchema>;

const verifiedSchema = z.object({
  accountId: accountSchema,
  authorizer: z.object({ iam: authorizedSchema }),
});

const answerSchema = z.object({
  incidentId: z.matching(/^inc-[0-9a-f]{20}$/, 'an incident ID'),
  /** The request for approval, by its ID or by its subject, of which an incident has only one. */
  questionId: z.optional(questionIdSchema),
  subject: z.optional(subjectSchema),
  answer: z.enum(['yes', 'no']),
});
export type Given = z.output<typeof answerSchema>;

/** Longer than any answer, in characters. */
const longestBody = 4_096;

/**
 * Who answers, as AWS says, never as the body says.
 * @throws UnverifiedCallerError if the function was invoked directly, or the URL's request was not signed
 * @throws CallerRefusedError
 */
export function verifiedCaller({ requestContext }: Request, config: Config): Caller {
  if (!requestContext?.authorizer || !('iam' in requestContext.authorizer) || !requestContext.authorizer.iam)
    throw new UnverifiedCallerError(
      'Answers are accepted only through the function URL, in a signed request: use `npm run approve`.',
    );
  const { accountId, authorizer } = parseWith(verifiedSchema, requestContext, 'input.requestContext');
  return callerFrom(authorizer.iam, accountId, config);
}

/** The answer in the body of a request. @throws InvalidInputError */
export function answerIn({ body, isBase64Encoded }: Request): Given {
  if (typeof body !== 'string' || body.length > longestBody) throw new InvalidInputError('body', 'expected an answer');
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
  return parseWith(answerSchema, parseJson(text), 'body');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidInputError('body', 'expected JSON', { cause });
  }
}
