import { PlaybookError } from '../shared/errors';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';
import { step } from '../shared/step';
import { acceptAnswer } from './accept-answer';
import { questionIdSchema } from './approval';
import { chatCaller, chatSettings, whyNotFromChat } from './chat';
import { inWords } from './in-words';
import { readQuestions } from './store';

/** The answer counts only from a caller whom IAM verifies. */
export class NotFromChatError extends PlaybookError {}

/** What the buttons send; their command has room for 100 characters. */
const input = z.object({
  id: z.matching(/^inc-[0-9a-f]{20}$/, 'an incident ID'),
  question: questionIdSchema,
  answer: z.enum(['yes', 'no']),
});

/**
 * Accepts an answer from a button in chat, for the playbooks that the stage names: with the checks of every other answer,
 * and recorded as of someone in the channel.
 */
export const handler = inWords(
  step('answer-from-chat', input, async ({ id, question: questionId, answer }, tools) => {
    const { STAGE, ACCOUNT_IDS } = tools.config;
    const settings = parseWith(chatSettings, process.env, 'environment');
    const question = (await readQuestions(id, tools.config)).find((one) => one.questionId === questionId);
    const refusal = question && whyNotFromChat(question, answer, settings);
    if (refusal) throw new NotFromChatError(`Not taken from chat: ${refusal}. Use \`npm run approve\`.`);
    const caller = chatCaller(STAGE, ACCOUNT_IDS[0] ?? '');
    return acceptAnswer({ incidentId: id, questionId, answer }, caller, tools);
  }),
);
