import { z } from 'zod';
import { type Subject, subjectSchema } from '../../functions/approval/approval';
import { allowTags } from '../../functions/guard/tags';
import type { InstanceSpecInput } from '../cloud';
import type { ScenarioInput } from '../scenario/schema';
import { type HistoryEvent, pathOf } from '../stack/history';
import { account } from '../stack/place';

const optInTag = 'incident-playbooks:enabled';
const protectedTag = 'incident-playbooks:protected';

const instanceSchema = z.object({
  instanceId: z.string(),
  instanceType: z.string().optional(),
  tags: z.record(z.string(), z.string()),
  isSpot: z.boolean().optional(),
  hasElasticIp: z.boolean().optional(),
  publicIp: z.string().optional(),
  autoScalingGroup: z.string().optional(),
  hibernation: z.boolean().optional(),
  rootDeviceType: z.enum(['ebs', 'instance-store']).optional(),
});

/** What a survey found: the instance with all that an isolation changes. */
const surveySchema = z.object({
  instance: instanceSchema,
  interfaces: z.array(z.object({ networkInterfaceId: z.string(), groupIds: z.array(z.string()) })).min(1),
  volumes: z.array(z.object({ volumeId: z.string(), deviceName: z.string(), deleteOnTermination: z.boolean() })),
  addresses: z.array(z.object({ networkInterfaceId: z.string().optional() })).default([]),
  terminationProtected: z.boolean().default(false),
  profile: z.object({ arn: z.string() }).optional(),
});
type Survey = z.output<typeof surveySchema>;

const membershipSchema = z.object({
  membership: z.object({ targets: z.array(z.object({ targetGroupArn: z.string() })) }),
});
const answerSchema = z.object({
  subject: subjectSchema,
  verdict: z.enum(['APPROVED', 'DENIED']),
  answeredBy: z.string(),
});
const eligibilitySchema = z.object({ conclusion: z.object({ code: z.string() }) });
const incidentSchema = z.object({ incident: z.record(z.string(), z.unknown()) });

/** Every field that a step left in the incident, in the order of the steps. */
function* fieldsOf(history: readonly HistoryEvent[]): Generator<[name: string, value: unknown]> {
  for (const event of history) {
    const parsed = 'output' in event ? incidentSchema.safeParse(event.output).data : undefined;
    if (parsed) yield* Object.entries(parsed.incident);
  }
}

function all<S extends z.ZodType>(history: readonly HistoryEvent[], schema: S, ...names: string[]): z.output<S>[] {
  return [...fieldsOf(history)].flatMap(([name, value]) => {
    const parsed = names.length === 0 || names.includes(name) ? schema.safeParse(value).data : undefined;
    return parsed === undefined ? [] : [parsed];
  });
}

/** What is known of the account and the instance as they were before the execution changed them. */
export interface Rebuilt {
  instance: InstanceSpecInput;
  targetGroups: string[];
  faults: { name: string }[];
}

/**
 * The instance, its surroundings and the faults that a history shows: interfaces, profile, volumes and protection from
 * its survey (of a release the one after it, when all was back), and what a guard refused from its code.
 */
export function rebuild(history: readonly HistoryEvent[]): Rebuilt {
  const survey = all(history, surveySchema, 'environment')[0] ?? all(history, surveySchema, 'after').at(-1);
  const known = survey?.instance ?? all(history, instanceSchema, 'instance')[0];
  const path = new Set(pathOf(history));
  const tags: Record<string, string> = { [optInTag]: 'true', ...known?.tags };
  // Force that was used had been allowed by the owner.
  if (path.has('Watch forced stop')) tags[allowTags.forceStop] = 'true';
  const targets = all(history, membershipSchema).flatMap(({ membership }) => membership.targets);
  return {
    instance: { ...ofInstance(known, tags), ...(survey ? ofSurvey(survey) : {}), ...refusedFor(history, tags) },
    targetGroups: [...new Set(targets.map(({ targetGroupArn }) => targetGroupArn))],
    faults: path.has('Force stop') ? [{ name: 'stop-hangs' }] : [],
  };
}

/** Tags that AWS itself sets are no tags of the owner: the simulated cloud sets its own. */
function ofInstance(
  known: z.output<typeof instanceSchema> | undefined,
  tags: Record<string, string>,
): InstanceSpecInput {
  const own = Object.entries(tags).filter(([key]) => !key.startsWith('aws:') && !key.endsWith('quarantined-by'));
  return {
    ...(known ? { instanceId: known.instanceId } : {}),
    tags: Object.fromEntries(own),
    ...(known?.instanceType ? { instanceType: known.instanceType } : {}),
    ...(known?.isSpot ? { spot: 'one-time' as const } : {}),
    ...(known?.hasElasticIp === undefined ? {} : { elasticIp: known.hasElasticIp }),
    ...(known?.autoScalingGroup ? { autoScalingGroupName: known.autoScalingGroup } : {}),
    ...(known?.hibernation ? { hibernation: true } : {}),
    ...(known?.rootDeviceType ? { rootDeviceType: known.rootDeviceType } : {}),
  };
}

function ofSurvey({ interfaces, volumes, terminationProtected, profile, addresses }: Survey): InstanceSpecInput {
  // The primary interface is the one with the public address; a survey lists them by their ids.
  const primary = addresses.find(({ networkInterfaceId }) => networkInterfaceId !== undefined)?.networkInterfaceId;
  const sorted = interfaces.toSorted(
    (a, b) => Number(b.networkInterfaceId === primary) - Number(a.networkInterfaceId === primary),
  );
  return {
    networkInterfaces: sorted.map(({ networkInterfaceId, groupIds }) => ({
      networkInterfaceId,
      securityGroups: groupIds,
    })),
    volumes: volumes.map(({ volumeId, deviceName, deleteOnTermination }) => ({
      volumeId,
      deviceName,
      deleteOnTermination,
    })),
    disableApiTermination: terminationProtected,
    ...(profile ? { iamInstanceProfileArn: profile.arn } : {}),
  };
}

/** What made a guard refuse, by the code of its refusal. */
function refusedFor(history: readonly HistoryEvent[], tags: Record<string, string>): InstanceSpecInput {
  const code = all(history, eligibilitySchema, 'eligibility').at(-1)?.conclusion.code;
  const { [optInTag]: _optedIn, ...notOptedIn } = tags;
  const causes: Record<string, InstanceSpecInput> = {
    'not-opted-in': { tags: notOptedIn },
    protected: { tags: { ...tags, [protectedTag]: 'true' } },
    'stopped-by-others': { state: 'stopped' },
    'still-pending': { state: 'pending' },
    'instance-store-root': { rootDeviceType: 'instance-store' },
    'instance-store-data': { instanceStoreVolumes: 1 },
    'one-time-spot': { spot: 'one-time' },
    'stop-protection': { disableApiStop: true },
    'auto-scaling-member': { autoScalingGroupName: 'recorded' },
  };
  return causes[code ?? ''] ?? {};
}

/** How each question was answered then; one that nobody answered gets no answer again. */
export function answersOf(history: readonly HistoryEvent[]): NonNullable<ScenarioInput['answers']> {
  const given = new Map<Subject, z.output<typeof answerSchema>>();
  for (const one of all(history, answerSchema)) given.set(one.subject, one);
  return [...given.values()].flatMap(({ subject, verdict, answeredBy }) =>
    answeredBy.split(', ').map((by) => ({
      subject,
      answer: verdict === 'APPROVED' ? ('yes' as const) : ('no' as const),
      // The simulated account has another number than the one of the history.
      by: by.replace(/^(arn:[\w-]+:\w+::)\d{12}:/, `$1${account}:`),
    })),
  );
}

const releaseSchema = z.object({ changes: z.array(z.object({ kind: z.string() })) });

/** The kinds of changes that a release put back: an isolation has to have made them first. Undefined for no release. */
export function releasedKinds(history: readonly HistoryEvent[]): string[] | undefined {
  const [release] = all(history, releaseSchema, 'release');
  return release?.changes.map(({ kind }) => kind);
}
