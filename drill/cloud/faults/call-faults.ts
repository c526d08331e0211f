import { z } from 'zod';
import { deniedNameOf, internalNameOf, statusOf } from '../behaviour/status';
import { serviceError } from '../errors';
import { throttlingError } from '../rates';
import { fault } from './fault';
import { afterCalls, first, nth, refuseCalls, targetSchema, times, when } from './when';

const refused = targetSchema.extend({ times: times(1) });
const position = targetSchema.extend({ n: z.number().int().positive().default(1) });

/** Things that go wrong with calls: refusals, and invocations that die around them. */
export const callFaults = [
  fault({
    name: 'api-throttled',
    description: 'AWS throttles calls.',
    params: refused,
    apply: ({ times: count, ...target }) =>
      refuseCalls(first(count, when(target)), (call) => throttlingError(call.entry.service)),
  }),
  fault({
    name: 'api-denied',
    description: 'The role does not allow the call.',
    params: targetSchema,
    apply: (target) =>
      refuseCalls(when(target), ({ entry: { service, command } }) => {
        return serviceError(
          service,
          deniedNameOf(service),
          `You are not authorized to perform ${service}:${command}.`,
          403,
        );
      }),
  }),
  fault({
    name: 'api-refused',
    description: 'AWS rejects the call with the given error code.',
    params: refused.extend({ code: z.string() }),
    apply: ({ times: count, code, ...target }) =>
      refuseCalls(first(count, when(target)), (call) =>
        serviceError(call.entry.service, code, `The call was refused: ${code}`, statusOf(call.entry.service, code)),
      ),
  }),
  fault({
    name: 'passing-refusal',
    description: 'AWS refuses the first calls with a code that passes by itself (docs/aws-behaviour.md).',
    params: refused.extend({
      code: z.string(),
      status: z
        .number()
        .int()
        .min(400)
        .max(599)
        .optional()
        .describe('By default the one that AWS sends the code with.'),
    }),
    apply: ({ times: count, code, status, ...target }) =>
      refuseCalls(first(count, when(target)), ({ entry: { service } }) =>
        serviceError(service, code, `The call was refused: ${code}`, status ?? statusOf(service, code)),
      ),
  }),
  fault({
    name: 'lambda-refused',
    description: 'Lambda itself does not run a function: too many requests, or a service error.',
    params: z.strictObject({
      state: z.string().optional(),
      times: times(1),
      error: z.string().default('Lambda.TooManyRequestsException'),
    }),
    apply: ({ state, times: count, error }) => {
      let left = count;
      return {
        invoke: ({ stateName }) => {
          if (left === 0 || (state !== undefined && stateName !== state)) return;
          left -= 1;
          throw Object.assign(new Error('Rate Exceeded.'), { name: error });
        },
      };
    },
  }),
  fault({
    name: 'api-error',
    description: 'AWS returns an internal error.',
    params: refused.extend({ status: z.number().int().min(500).max(599).default(500) }),
    apply: ({ times: count, status, ...target }) =>
      refuseCalls(first(count, when(target)), (call) =>
        serviceError(
          call.entry.service,
          status === 503 ? 'ServiceUnavailable' : internalNameOf(call.entry.service),
          'An internal error has occurred',
          status,
        ),
      ),
  }),
  fault({
    name: 'answer-lost',
    description: 'The call takes effect, but AWS reports that it failed.',
    params: refused,
    apply: ({ times: count, ...target }) =>
      afterCalls(first(count, when(target)), (call) => {
        throw serviceError(
          call.entry.service,
          internalNameOf(call.entry.service),
          'An internal error has occurred',
          500,
        );
      }),
  }),
  fault({
    name: 'late-answer',
    description: 'The call takes effect, but its response comes late.',
    params: position.extend({ seconds: z.number().positive().default(40) }),
    apply: ({ n, seconds, ...target }) => {
      const hit = nth(n, when(target));
      return { after: (call) => (hit(call) ? seconds * 1000 : undefined) };
    },
  }),
  fault({
    name: 'crash-before-call',
    description: 'The invocation crashes before its nth call is sent.',
    params: position,
    apply: ({ n, ...target }) => {
      const hit = nth(n, when(target));
      return { before: (call) => (hit(call) ? 'crash' : undefined) };
    },
  }),
  fault({
    name: 'crash-after-call',
    description: 'The invocation crashes after its nth call took effect, before it receives the response.',
    params: position,
    apply: ({ n, ...target }) => {
      const hit = nth(n, when(target));
      return { after: (call) => (hit(call) ? 'crash' : undefined) };
    },
  }),
  fault({
    name: 'record-store-throttled',
    description: 'DynamoDB throttles the playbook.',
    params: z.strictObject({ times: times(5), state: z.string().optional() }),
    apply: ({ times: count, state }) =>
      refuseCalls(first(count, when({ service: 'dynamodb', state })), () => throttlingError('dynamodb')),
  }),
  fault({
    name: 'notification-fails',
    description: 'SNS rejects notices.',
    params: z.strictObject({ times: times(1) }),
    apply: ({ times: count }) =>
      refuseCalls(first(count, when({ service: 'sns', command: 'Publish' })), () =>
        serviceError('sns', internalNameOf('sns'), 'An internal error has occurred', 500),
      ),
  }),
];
