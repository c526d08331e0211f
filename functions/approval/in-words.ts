import type { Context } from 'aws-lambda';
import { isRefusal } from './over-http';

/** What a chat client shows of an answer. */
export interface Shown {
  result: string;
}

interface Accepted {
  incidentId: string;
  answer: string;
  subject: string;
  missing: number;
}

/** Puts a step behind a button in chat, which shows the result of a function: what was answered, or why it was not. */
export function inWords(step: (event: unknown, context: Context) => Promise<Accepted>) {
  return async (event: unknown, context: Context): Promise<Shown> => {
    try {
      const { incidentId, answer, subject } = await step(event, context);
      return {
        result: `Answered ${answer} (${subject}) to ${incidentId}. Recorded as answered in chat, by nobody verified.`,
      };
    } catch (error) {
      const { name, message } = error as Error;
      if (!isRefusal(name)) throw error;
      return { result: `Not answered. ${message}` };
    }
  };
}
