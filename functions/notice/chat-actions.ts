import { type ChatSettings, whyNotFromChat } from '../approval/chat';
import { parseWith } from '../shared/parse';
import * as z from '../shared/schema';

/** What a notice says of a request for approval, in the context of its chat form: texts alone, as chat asks of it. */
const questionSchema = z.object({
  question: z.matching(/^q-[0-9a-f]{12}$/, 'the ID of a request for approval'),
  playbook: z.string(),
  needed: z.matching(/^\d$/, 'a number'),
  requestedBy: z.optional(z.string()),
});

const formSchema = z.looseObject({
  metadata: z.optional(
    z.looseObject({
      threadId: z.optional(z.string()),
      additionalContext: z.optional(z.looseObject({ question: z.optional(z.string()) })),
    }),
  ),
});

/** The stage's functions behind the buttons, by name. */
export interface Buttons {
  region: string;
  showFunction: string;
  answerFunction: string;
}

/**
 * The chat form of a notice with what its buttons need (resources/chat/buttons.yml): each is shown where its context is
 * there. Show incident on every notice of an incident; Deny and Approve on a request whose answer the stage takes from
 * chat. Pure.
 * @throws InvalidInputError, SyntaxError for what is no chat form of ours
 */
export function withButtons(form: string, buttons: Buttons, settings: ChatSettings): string {
  const parsed = parseWith(formSchema, JSON.parse(form), 'notice');
  const { metadata = {} } = parsed;
  const incident = metadata.threadId ?? '';
  if (!/^inc-[0-9a-f]{20}$/.test(incident)) return form;
  const additionalContext = {
    ...{ incident, region: buttons.region, show: buttons.showFunction },
    ...answersOf(metadata.additionalContext, buttons, settings),
  };
  return JSON.stringify({ ...parsed, metadata: { ...metadata, additionalContext } });
}

function answersOf(
  context: Record<string, unknown> | undefined,
  { answerFunction }: Buttons,
  settings: ChatSettings,
): Record<string, string> {
  if (context?.question === undefined) return {};
  const { question, needed, ...asked } = parseWith(questionSchema, context, 'notice.metadata.additionalContext');
  const isTaken = (answer: 'yes' | 'no') =>
    whyNotFromChat({ ...asked, needed: Number(needed) }, answer, settings) === undefined;
  return isTaken('no') ? { question, answer: answerFunction, ...(isTaken('yes') ? { approve: 'yes' } : {}) } : {};
}
