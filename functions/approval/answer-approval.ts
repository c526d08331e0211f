import { step } from '../shared/step';
import { acceptAnswer } from './accept-answer';
import { answerIn, requestSchema, verifiedCaller } from './answer-request';
import { overHttp } from './over-http';

/** Accepts an answer from the caller that IAM verified. The first no counts, or as many yeses as the stage asks for. */
export const handler = overHttp(
  step('answer-approval', requestSchema, async (request, tools) => {
    const caller = verifiedCaller(request, tools.config);
    return acceptAnswer(answerIn(request), caller, tools);
  }),
);
