import type { Context } from 'aws-lambda';

/** What a function URL returns to its caller. */
export interface HttpResponse {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

/** Refusals that the caller is told; any other error is Lambda's to report, as 502. */
const statusCodes: Readonly<Record<string, number>> = {
  InvalidInputError: 400,
  CallerRefusedError: 403,
  NotFromChatError: 403,
  RequesterMayNotApproveError: 403,
  NoApprovalAskedError: 404,
  AlreadyAnsweredError: 409,
  QuestionNotNamedError: 409,
  AnswerTooLateError: 410,
};

/** Whether an error is a refusal that whoever answers is told. */
export const isRefusal = (name: string): boolean => name in statusCodes;

/**
 * Puts a step behind a function URL: its result, or the name and message of a refusal, becomes the response. An error of
 * any other name is thrown, as is every error of a direct invocation.
 */
export function overHttp(step: (event: unknown, context: Context) => Promise<object>) {
  return async (event: unknown, context: Context): Promise<HttpResponse> => {
    try {
      return respond(200, await step(event, context));
    } catch (error) {
      const { name, message } = error as Error;
      const statusCode = statusCodes[name];
      if (statusCode === undefined) throw error;
      return respond(statusCode, { errorType: name, errorMessage: message });
    }
  };
}

const respond = (statusCode: number, body: object): HttpResponse => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
