import { placeRefusals } from '../../functions/place/codes';
import { codeTable } from '../../functions/record/codes';
import { type Answer, fail, type Line, notAsked, ok } from '../doctor/line';
import { type ClosedRecord, type Found, findExecution, readClosed, recordOf, statusOf } from './executions';
import type { Smoke } from './frame';
import { until } from './until';

const minute = 60_000;
/** EventBridge delivers in seconds; more than that is a failure to a person who waits for help. */
const startsWithinMs = 3 * minute;
/** In observe mode a playbook reads, scores and ends; a watched metric makes it wait up to an hour. */
const endsWithinMs = 15 * minute;
/** Indexes follow within seconds; notices that fail are sent again each minute. */
const recordWithinMs = 2 * minute;
const noticeWithinMs = 4 * minute;

/** How something that this run has caused should go through a machine. */
export interface Walk {
  /** What the IDs of its lines begin with. */
  id: string;
  what: string;
  /** For example `restart-instance`. */
  machine: string;
  since: Date;
  isOurs: (input: string) => boolean;
  startsWithinMs?: number;
  /** What it means that no execution began. */
  whyNone: () => Promise<Answer>;
  /** Whether the record is as it should be. */
  judge: (record: ClosedRecord) => Answer;
}

/** The command that shows an incident. */
export const show = ({ stage }: Smoke, { incidentId }: Pick<ClosedRecord, 'incidentId'>): string =>
  `npm run incidents -- ${incidentId} --stage ${stage}`;

/** Follows what this run has caused: execution, record, notice. One line each; without one, the rest is not asked. */
export async function follow(smoke: Smoke, walk: Walk): Promise<Line[]> {
  const line = (part: string, answer: Answer): Line => ({
    id: `${walk.id}-${part}`,
    what: `${walk.what}: ${part}`,
    ...answer,
  });
  const rest = (parts: string[], why: string) =>
    parts.map((part) => line(part, notAsked(why, 'fix what failed above, then run the command again')));
  const found = await findExecution(
    smoke,
    walk.machine,
    walk.since,
    walk.isOurs,
    walk.startsWithinMs ?? startsWithinMs,
  );
  if (!found) return [line('execution', await walk.whyNone()), ...rest(['record', 'notice'], 'no execution began')];
  const execution = line('execution', await ended(smoke, found, walk));
  if (execution.verdict !== 'ok') return [execution, ...rest(['record', 'notice'], 'the execution has not ended')];
  const record = await recordOf(smoke, found, recordWithinMs);
  if (!record)
    return [
      execution,
      line(
        'record',
        fail(
          'the table has no closed record of the execution',
          `aws stepfunctions get-execution-history --execution-arn ${found.arn} --reverse-order --max-results 5`,
        ),
      ),
      ...rest(['notice'], 'there is no record'),
    ];
  return [execution, line('record', walk.judge(record)), line('notice', await noticed(smoke, record))];
}

async function ended(smoke: Smoke, found: Found, { since }: Walk): Promise<Answer> {
  const seconds = Math.max(0, Math.round((found.startedAt.getTime() - since.getTime()) / 1000));
  const status = await statusOf(smoke, found, endsWithinMs);
  if (status === undefined)
    return notAsked(
      `began after ${seconds} s and still runs: ${found.arn}`,
      `look later: npm run incidents -- --stage ${smoke.stage}`,
    );
  return ok(`began after ${seconds} s and ended ${status}`);
}

async function noticed(smoke: Smoke, { incidentId }: ClosedRecord): Promise<Answer> {
  const record = await until(smoke.clock, noticeWithinMs, async () => {
    const now = await readClosed(smoke, incidentId);
    return now?.noticeState === 'PENDING' ? undefined : now;
  });
  if (!record)
    return fail(
      'the notice could not be sent',
      `the step's log says why, for example a key of the topic that does not let it publish: aws logs tail /aws/lambda/incident-playbooks-${smoke.stage} --since 30m --filter-pattern '{ $.step = "send-notice" }'; its policy comes back with: npx serverless deploy --stage ${smoke.stage} --region ${smoke.place.region}`,
    );
  if (record.noticeSentAt === undefined) return ok(`none: another incident's notice tells it (${record.code})`);
  return ok(`sent at ${record.noticeSentAt}`);
}

/** An outcome in words, with its code and reason. */
export const endOf = ({ outcome, code, reason }: ClosedRecord): string => `${outcome} (${code}): ${reason}`;

/** Ends by which an event was read rightly: the rest is a matter of the instance. */
const read = ['OBSERVED', 'ESCALATED', 'RESOLVED'];
/** Refusals that would mean that the event was not understood. */
const misread = ['no-instance', 'several-instances', ...placeRefusals, 'not-in-alarm'];

/** What a walk from an alarm of the instance may end as. */
export function judgeAlarm(smoke: Smoke, record: ClosedRecord): Answer {
  const said = endOf(record);
  const isRead =
    read.includes(record.outcome!) || (record.outcome === 'SKIPPED' && !misread.includes(record.code ?? ''));
  const todo = codeTable().get(record.code as never)?.todo;
  if (!isRead) return fail(said, `${todo ? `${todo}: ` : ''}${show(smoke, record)}`);
  if (record.instanceId !== smoke.instanceId)
    return fail(`${said}; its instance is ${record.instanceId ?? 'not known'}`, show(smoke, record));
  return ok(`${record.incidentId} ${said}`);
}
