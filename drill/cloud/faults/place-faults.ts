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
    // Source: IAM user guide, "Disabling permissions for temporary security credentials": permissions are evaluated at each
    // request, and without any it fails; "Delete roles or instance profiles": a role's policies go before it does. With which
    // code a session is refused once its role is gone, no document says: taken is that of what is not allowed.
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
    // Source: IAM user guide, "Manage AWS STS in an AWS Region": it counts for the account whose role is asked for, and cannot
    // be done in a region that has to be enabled; STS API reference, AssumeRole, RegionDisabledException. That sessions go on
    // is not said there, and follows from where they hold: in every region, whichever issued them.
    apply: ({ after: command }, { accounts, place }) =>
      afterCalls(once(when({ command })), () => {
        accounts.sts.notActivated.add(place.account);
      }),
  }),
  fault({
    name: 'sessions-expire',
    description:
      'AWS takes all sessions in the spoke account for expired after a command, as with a clock that is behind; new ones are given.',
    params: after,
    // AWS ends no session before its expiration, and who revokes them denies them everything instead. Source: IAM user guide,
    // "Permissions for temporary security credentials", "Revoke IAM role temporary security credentials". So this stands for
    // a function's clock that is behind by more than a session's margin; how far they may be off, no document says.
    apply: ({ after: command }, { accounts, place }) =>
      afterCalls(once(when({ command })), () => accounts.keys.expire(place.account)),
  }),
];
