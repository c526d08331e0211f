import { z } from 'zod';
import { fault } from './fault';

/** Things that go wrong with CloudWatch Logs, besides refused calls. */
export const logFaults = [
  fault({
    name: 'log-query-ends',
    description: 'Queries of Logs Insights end otherwise, or late.',
    params: z.strictObject({
      ends: z.enum(['Complete', 'Failed', 'Timeout']).default('Complete').describe('How they end.'),
      seconds: z.number().nonnegative().default(2).describe('After how many seconds.'),
    }),
    apply: (course, { logs }) => {
      logs.queries.course = course;
      return {};
    },
  }),
];
