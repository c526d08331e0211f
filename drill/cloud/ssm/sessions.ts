import type { DescribeSessionsCommandInput, TerminateSessionCommandInput } from '@aws-sdk/client-ssm';
import { UnmodelledInputError } from '../errors';
import { type CommandModel, changes, reads } from '../service';

/** Open and ended sessions of Session Manager, by ID. */
export type Sessions = Map<string, { target: string; endedAt?: number }>;

/** How long a session that was ended is still listed among the active ones. */
const terminatingMs = 3_000;

/** Somebody opens a session on an instance. @returns its ID */
export function openSession(sessions: Sessions, target: string, owner = 'mallory'): string {
  const id = `${owner}-${String(sessions.size).padStart(17, '0')}`;
  sessions.set(id, { target });
  return id;
}

/** The commands that list and end sessions. */
export const sessionCommands = (sessions: Sessions): Record<string, CommandModel> => ({
  // A session is Terminating for a moment. Source: Systems Manager API reference, Session, Status.
  DescribeSessions: reads<DescribeSessionsCommandInput, object>(({ State, Filters }) => {
    const other = Filters?.find(({ key }) => key !== 'Target');
    if (other) throw new UnmodelledInputError(`The simulated SSM does not model the filter '${other.key}'.`);
    const statusOf = (endedAt: number | undefined) =>
      endedAt === undefined ? 'Connected' : Date.now() - endedAt < terminatingMs ? 'Terminating' : 'Terminated';
    const found = [...sessions]
      .filter(([, { target }]) => Filters?.every(({ value }) => value === target) ?? true)
      .map(([SessionId, { target, endedAt }]) => ({ SessionId, Target: target, Status: statusOf(endedAt) }))
      .filter(({ Status }) => (State === 'Active') === (Status !== 'Terminated'));
    return { Sessions: found };
  }),
  TerminateSession: changes<TerminateSessionCommandInput, object>(({ SessionId = '' }, call) => {
    const session = sessions.get(SessionId);
    if (session && session.endedAt === undefined) {
      session.endedAt = Date.now();
      call.change(session.target);
    }
    return { SessionId };
  }),
});
