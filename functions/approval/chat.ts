import * as z from '../shared/schema';
import type { Approval } from './approval';
import type { Caller } from './caller';

const list = z.pipe(
  z.string(),
  z.transform((text: string) =>
    text
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean),
  ),
);

/** Which answers a stage takes from chat, in the environment of the functions that need to know. */
export const chatSettings = z.object({
  /** The playbooks whose requests may be answered in chat; none unless the stage names them. */
  CHAT_ANSWERS: list,
  REQUESTER_MAY_APPROVE: z._default(z.optional(z.enum(['no', 'yes'])), 'no'),
});
export type ChatSettings = z.output<typeof chatSettings>;

/**
 * Whoever pressed a button. The chat service invokes the function without saying who that was, so that all of a channel
 * are one, of whom no name is known.
 */
export const chatCaller = (stage: string, accountId: string): Caller => ({
  accountId,
  principalId: 'chat',
  arn: `someone in the chat channel of stage ${stage} (not verified)`,
});

/**
 * Why an answer is not taken from chat; undefined if it is. Where it matters who says yes, chat cannot show it: one
 * person could be two there, or the one who started the playbook. Pure.
 */
export function whyNotFromChat(
  { playbook, needed = 1, requestedBy }: Pick<Approval, 'playbook' | 'needed' | 'requestedBy'>,
  answer: 'yes' | 'no',
  { CHAT_ANSWERS, REQUESTER_MAY_APPROVE }: ChatSettings,
): string | undefined {
  if (!CHAT_ANSWERS.includes(playbook)) return `this stage takes no answers from chat for ${playbook}`;
  if (answer === 'no') return undefined;
  if (needed > 1) return `it takes a yes of ${needed} different people, and chat does not say who they are`;
  if (requestedBy !== undefined && REQUESTER_MAY_APPROVE === 'no')
    return `${requestedBy} started this playbook and may not approve it, and chat does not say who answers`;
  return undefined;
}
