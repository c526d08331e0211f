import { z } from 'zod';
import { fault } from './fault';
import { afterCalls, once, when } from './when';

const after = z.strictObject({ after: z.string().describe('The command whose first call is followed by it.') });

/** What happens to a spoke account while an incident of it is worked on. Only a place of its own has them. */
export const placeFaults = [
  fault({
    name: 'spoke-roles-removed',
    description:
      'The roles of the spoke account are removed after a command: no new session, and none may do anything.',
    params: after,
    // Source: IAM user guide, "Permissions for temporary security credentials": they are evaluated at each request.
    apply: ({ after: command }, { accounts, place }) =>
      afterCalls(once(when({ command })), () => {
        for (const [arn, { account }] of accounts.sts.roles)
          if (account === place.account) accounts.sts.roles.delete(arn);
        accounts.keys.disallow(place.account);
      }),
  }),
  fault({
    name: 'spoke-deactivated',
    description: 'STS is deactivated for the spoke account after a command: no new session, and those there are go on.',
    params: after,
    // Source: IAM user guide, "Manage AWS STS in an AWS Region".
    apply: ({ after: command }, { accounts, place }) =>
      afterCalls(once(when({ command })), () => {
        accounts.sts.notActivated.add(place.account);
      }),
  }),
  fault({
    name: 'sessions-expire',
    description: 'All sessions in the spoke account expire after a command; new ones are given.',
    params: after,
    apply: ({ after: command }, { accounts, place }) =>
      afterCalls(once(when({ command })), () => accounts.keys.expire(place.account)),
  }),
];
