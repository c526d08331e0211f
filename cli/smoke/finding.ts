import { ArchiveFindingsCommand, CreateSampleFindingsCommand, ListFindingsCommand } from '@aws-sdk/client-guardduty';
import { z } from 'zod';
import { ask } from '../doctor/ask';
import { type Answer, fail, type Line, notAsked, ok } from '../doctor/line';
import { readDetector } from '../doctor/told';
import type { ClosedRecord } from './executions';
import type { Smoke, SmokeCheck } from './frame';
import { endOf, follow, show } from './walk';
import { readRule } from './wiring';

/** Types that start an isolation, with severity High (8). Source: GuardDuty user guide, "EC2 finding types". */
const types = [
  'Backdoor:EC2/C&CActivity.B',
  'CryptoCurrency:EC2/BitcoinTool.B',
  'Backdoor:EC2/DenialOfService.Tcp',
  'UnauthorizedAccess:EC2/TorClient',
];
const severity = 8;
/** GuardDuty sends new findings within about five minutes. Source: its user guide, "Processing findings with Amazon EventBridge". */
const arrivesWithinMs = 12 * 60_000;

const id = 'finding';
const line = (part: string, answer: Answer): Line => ({
  id: `${id}-${part.replaceAll(' ', '-')}`,
  what: `finding: ${part}`,
  ...answer,
});

interface Sample {
  detector: string;
  type: string;
  since: Date;
}
/** What a run has made, or why it made nothing. */
const begun = new WeakMap<Smoke, Sample | Answer>();

/** A type of which there is no finding: GuardDuty tells repeats of one only hours later. */
async function unusedType({ clients: { guardDuty } }: Smoke, DetectorId: string): Promise<string | undefined> {
  for (const type of types) {
    const FindingCriteria = { Criterion: { type: { Equals: [type] }, 'service.archived': { Equals: ['false'] } } };
    const { FindingIds = [] } = await ask('guardduty:ListFindings', () =>
      guardDuty.send(new ListFindingsCommand({ DetectorId, FindingCriteria })),
    );
    if (FindingIds.length === 0) return type;
  }
  return undefined;
}

async function begin(smoke: Smoke): Promise<void> {
  const { clients, clock, stage, params } = smoke;
  const lowest = Number(params?.isolateSeverity ?? 0);
  const detector = await readDetector(smoke);
  if (!detector) {
    const todo = 'if findings are to start playbooks: aws guardduty create-detector --enable';
    begun.set(smoke, notAsked('GuardDuty is off in this region', todo));
    return;
  }
  if (lowest > severity) {
    const said = `isolateSeverity ${lowest} of stage ${stage} is above every sample's ${severity}`;
    begun.set(smoke, notAsked(said, 'nothing: a sample cannot show this'));
    return;
  }
  const type = await unusedType(smoke, detector);
  if (!type) {
    const said = `there are findings of every type that could be tried: ${types.join(', ')}`;
    begun.set(smoke, notAsked(said, 'archive the samples in GuardDuty, then run the command again'));
    return;
  }
  const since = clock.now();
  await ask('guardduty:CreateSampleFindings', () =>
    clients.guardDuty.send(new CreateSampleFindingsCommand({ DetectorId: detector, FindingTypes: [type] })),
  );
  begun.set(smoke, { detector, type, since });
}

const sampleSchema = z.object({
  detail: z.object({
    id: z.string(),
    type: z.string(),
    service: z.object({ additionalInfo: z.object({ sample: z.literal(true) }) }),
  }),
});

/** The sample in an execution's input, if it is one. */
function sampleIn(input: string) {
  try {
    return sampleSchema.safeParse(JSON.parse(input)).data?.detail;
  } catch {
    // An input that is no JSON is not of GuardDuty.
    return undefined;
  }
}

/** SKIPPED says that the schema took it and the guard against samples held; REJECTED, that the schema is wrong. */
function judge(smoke: Smoke, record: ClosedRecord): Answer {
  const said = endOf(record);
  if (record.outcome === 'SKIPPED' && record.code === 'sample-finding') return ok(said);
  const why =
    record.outcome === 'REJECTED'
      ? 'GuardDuty sends findings in another form than functions/finding/event-schema.ts takes: report it with'
      : 'a sample should be skipped; see';
  return fail(said, `${why} ${show(smoke, record)}`);
}

async function whyNone(smoke: Smoke, { type }: Sample): Promise<Answer> {
  const name = `incident-playbooks-${smoke.stage}-isolate-instance-finding`;
  const rule = await readRule(smoke, name);
  if (rule && !rule.isOn) return fail(`the rule ${name} is disabled`, `aws events enable-rule --name ${name}`);
  return fail(
    `no isolation began for the sample ${type} within ${arrivesWithinMs / 60_000} minutes`,
    `see whether the rule ${name} matched (metric MatchedEvents of AWS/Events), and whether the finding is in GuardDuty`,
  );
}

/** A sample finding of GuardDuty, which no playbook may act on. */
export const findingCheck: SmokeCheck = {
  id: 'finding-execution',
  what: 'finding: execution',
  begin,
  ask: async (smoke) => {
    const made = begun.get(smoke);
    if (!made || 'verdict' in made) return made ? [line('execution', made)] : [];
    let findingId: string | undefined;
    const lines = await follow(smoke, {
      ...{ id, what: 'finding', machine: 'isolate-instance', since: made.since, startsWithinMs: arrivesWithinMs },
      isOurs: (input) => {
        const sample = sampleIn(input);
        if (sample?.type !== made.type) return false;
        findingId = sample.id;
        return true;
      },
      whyNone: () => whyNone(smoke, made),
      judge: (record) => judge(smoke, record),
    });
    return [...lines, ...(findingId === undefined ? [] : [await archive(smoke, made, findingId)])];
  },
};

/** Puts the sample away, so that nobody takes it for a finding, and the next run's is a new one. */
async function archive({ clients }: Smoke, { detector, type }: Sample, findingId: string): Promise<Line> {
  const input = { DetectorId: detector, FindingIds: [findingId] };
  await ask('guardduty:ArchiveFindings', () => clients.guardDuty.send(new ArchiveFindingsCommand(input)));
  return { id: 'put-back', what: 'put back', ...ok(`the sample ${type} is archived`) };
}
