import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { forgetSessions, loadSts } from '../../functions/place/credentials';
import { PlaybookError } from '../../functions/shared/errors';
import { type CloudEvent, type FaultSpec, type InstanceSpecInput, SimulatedCloud } from '../cloud';
import { currentInvocation } from '../cloud/caller';
import { statesModel } from '../cloud/states/model';
import { packageStage } from '../packaging/package-stage';
import { VirtualTime } from '../time/virtual-time';
import { putIntoCloud } from './alarms';
import type { BundledCode } from './bundles';
import { loadClients, type StepClient } from './clients';
import { countEmitted } from './emitted';
import { loadEngine } from './engine';
import { functionVariables, ownVariables, runtimeEnvironment, setVariables } from './environment';
import { type DeadLetter, type Delivery, EventBus } from './event-bus';
import { eventsOf } from './events';
import { frozen, madeOnce } from './frozen';
import { FunctionUrls } from './function-url';
import { loadHandler as loadFromSource } from './handlers';
import type { HistoryEvent } from './history';
import { seededRandom, uuidsFrom } from './ids';
import { answerIpRanges } from './ip-ranges';
import { type Handler, LambdaRuntime } from './lambda-runtime';
import { captureLogs } from './log-capture';
import { type Execution, MachineRunner } from './machine-runner';
import { noteFinding } from './note-finding';
import { account, region as usualRegion } from './place';
import { rolesByFunction, statementsByFunction } from './policies';
import { answerFromRecordStore, freshTables, startRecordStore } from './record-store';
import { resolveTemplate } from './resolve';
import { organizationId } from './spoke-roles';
import { type DrillPlace, type PlaceSpec, raisePlace } from './spokes';
import { TaskTokens } from './task-tokens';
import type { StackResource, Template } from './template';

export interface StackOptions {
  stage: string;
  /** The region that the stack stands in; by default the one of all drills. */
  region?: string;
  seed: number;
  start: Date;
  speed?: number;
  fleet: readonly InstanceSpecInput[];
  /** Variables of the functions that differ from the stage's, for example MODE. */
  variables?: Record<string, string>;
  faults?: readonly FaultSpec[];
  delivery?: Partial<Delivery>;
  /** Params with which the stage is packaged, that differ from its own. */
  params?: Readonly<Record<string, string>> | undefined;
  /** The template to run; the stage is packaged when there is none. */
  template?: Template;
  /** Values of the template's parameters; those without one take their default. */
  parameters?: Record<string, string>;
  /** The functions' code as it was packaged; by default it is loaded from source. */
  code?: BundledCode;
  /** Whether the template's schedules run; they do unless this is false. */
  schedules?: boolean;
  /** How the names of the metric alarms end that watch; all of the template's unless given. */
  alarms?: readonly string[] | undefined;
  /** Log groups of the account: a metric filter cannot be deployed without its own. */
  logGroups?: readonly string[];
  /** Whether what watches over time (enrolment, reconcile, patrol, review) runs; a drill of one playbook does without. */
  watch?: boolean;
  /** Sends the calls of the tables over a socket, as AWS gets them, instead of answering them in this process. */
  overTheWire?: boolean;
  /** Further accounts, and regions of them, beside the own. */
  places?: readonly PlaceSpec[];
  onPackaging?: () => void;
  onEvent?: (execution: Execution, event: HistoryEvent) => void;
}

/** Another drill of this process has not ended yet: clock and environment are the process's own. */
export class StackInUseError extends PlaybookError {}

/** The packaged stack, running in this process against the simulated cloud, on virtual time. */
export interface Stack {
  resources: StackResource[];
  instanceIds: string[];
  /** The region that it stands in. */
  region: string;
  time: VirtualTime;
  cloud: SimulatedCloud;
  /** The further places of the run. */
  places: readonly DrillPlace[];
  bus: EventBus;
  machines: MachineRunner;
  tokens: TaskTokens;
  urls: FunctionUrls;
  logs: readonly string[];
  /** The variables that the functions were given. */
  variables: Readonly<Record<string, string>>;
  /** The client of the tables; it is still there when the stack has ended. */
  dynamoDb: DynamoDBClient;
  /** Ends the cloud and gives the process its clock and environment back. May be called twice. */
  end(): void;
}

let isInUse = false;

/**
 * Brings up a stage as it would be deployed: alarms, topics, tables, rules, machines and functions of the template.
 * @throws StackInUseError when one is up already
 */
export async function bringUp(options: StackOptions): Promise<Stack> {
  if (isInUse) throw new StackInUseError('One drill at a time: the last one has not ended.');
  isInUse = true;
  const undo: (() => void)[] = [
    () => {
      isInUse = false;
    },
  ];
  const end = () => {
    for (const step of undo.splice(0).reverse()) step();
  };
  try {
    const prepared = await prepare(options, undo);
    return await assemble(options, prepared, undo, end);
  } catch (error) {
    end();
    throw error;
  }
}

interface Prepared {
  template: Template;
  resources: StackResource[];
  functions: StackResource[];
  variables: Record<string, string>;
  dynamoDb: DynamoDBClient;
  /** The clients of the tables in bundles. */
  tables: DynamoDBClient[];
  others: StepClient[];
  loadHandler: (handler: string) => Promise<Handler>;
}

/** The resources of a template by stage. Several drills of a process run the same one, and none changes it. */
const resourcesOf = madeOnce((template: Template) => {
  const byStage = new Map<string, StackResource[]>();
  return (stage: string, region: string, parameters: Record<string, string> = {}) => {
    const key = JSON.stringify([stage, region, parameters]);
    const place = { account, region, stackName: `incident-playbooks-${stage}`, parameters };
    const resources = byStage.get(key) ?? frozen([...resolveTemplate(template, place).values()]);
    byStage.set(key, resources);
    return resources;
  };
});

/** Everything that needs real time: packaging, loading code, making tables. */
async function prepare(options: StackOptions, undo: (() => void)[]): Promise<Prepared> {
  const { stage, region = usualRegion, params, onPackaging, variables = {} } = options;
  const ofRegion = { ...(options.region ? { region } : {}), ...(params && { params }) };
  const { template = await packageStage(stage, { onPackaging, ...ofRegion }) } = options;
  const resources = resourcesOf(template)(stage, region, options.parameters);
  const functions = ofType(resources, 'AWS::Lambda::Function');
  const all = { ...runtimeEnvironment(region), ...functionVariables(functions), ...variables };
  undo.push(
    setVariables(all),
    ownVariables(functions, () => currentInvocation()?.caller.functionName),
  );
  await startRecordStore();
  const clients = await loadClients();
  if (!options.overTheWire) undo.push(await answerFromRecordStore(clients.dynamoDb));
  await loadEngine();
  const handlerOf = options.code ? options.code.load(functions) : loadFromSource;
  for (const { properties } of functions) await handlerOf(String(properties.Handler));
  // Source and bundles have clients of their own; those of the tables all ask the one engine.
  const own = options.code?.clients() ?? [];
  const tables = own.filter(({ config }) => config.serviceId === 'DynamoDB') as DynamoDBClient[];
  for (const client of tables) if (!options.overTheWire) undo.push(await answerFromRecordStore(client));
  await freshTables(ofType(resources, 'AWS::DynamoDB::Table'), clients.dynamoDb);
  const others = [...clients.others, ...own.filter((client) => !tables.includes(client as DynamoDBClient))];
  // What was kept for an earlier drill of this process is no key of this one.
  forgetSessions();
  // Loading takes real time: of calls that wait for it at once, chance would say which one goes on first.
  await loadSts();
  return {
    template,
    resources,
    functions,
    variables: all,
    dynamoDb: clients.dynamoDb,
    tables,
    others,
    loadHandler: handlerOf,
  };
}

async function assemble(
  options: StackOptions,
  prepared: Prepared,
  undo: (() => void)[],
  end: () => void,
): Promise<Stack> {
  const { template, resources, functions, variables, dynamoDb, tables, others, loadHandler } = prepared;
  const { start, speed, seed, fleet, faults, delivery, onEvent, region = usualRegion } = options;
  const random = (stream: number) => seededRandom(seed * 16 + stream);
  undo.push(seedMathRandom(random(1)));
  const { lines, release } = captureLogs();
  undo.push(release);
  const time = VirtualTime.install(start, speed === undefined ? {} : { speed });
  undo.push(() => time.uninstall(), ...[dynamoDb, ...tables].map((client) => time.trackIo(client)));
  const cloud = new SimulatedCloud({
    account,
    region,
    random: random(2),
    emit: (event) => bus.publish(event),
    faults,
    statementsOf: statementsByFunction(resources),
    roleArnOf: rolesByFunction(resources),
    organizationId,
  });
  undo.push(() => cloud.stop(), answerIpRanges());
  for (const client of others) cloud.attach(client);
  const deaf = options.code?.whenMade((client) => cloud.attach(client));
  if (deaf) undo.push(deaf);
  for (const { properties } of ofType(resources, 'AWS::WAFv2::IPSet'))
    cloud.waf.put(`id-${String(properties.Name)}`, String(properties.Name), [], {
      family: properties.IPAddressVersion === 'IPV6' ? 'IPV6' : 'IPV4',
    });
  for (const bucket of ofType(resources, 'AWS::S3::Bucket'))
    cloud.s3.createBucket(bucket.ref, lockDaysOf(bucket), isVersioned(bucket));
  for (const client of [dynamoDb, ...tables]) cloud.observe(client);
  const ids = uuidsFrom(random(3));
  const events = eventsOf(uuidsFrom(random(4)), { account, region });
  const tokens = new TaskTokens(ids);
  cloud.add(statesModel(tokens, { start: (arn, input, name) => machines.start(arn, input, name).id }));
  const lambda = new LambdaRuntime({
    functions,
    loadHandler,
    asCaller: (caller, work) => cloud.asCaller(caller, work),
    ids,
  });
  const urls = new FunctionUrls({ resources, invoke: (arn, event, from) => lambda.invoke(arn, event, from), ids });
  const machines = await MachineRunner.create({
    machines: ofType(resources, 'AWS::StepFunctions::StateMachine'),
    services: {
      invoke: (arn, payload, from) => lambda.invoke(arn, payload, from),
      integrate: (call, from) => cloud.integrate({ functionName: 'states', ...from }, call),
      tokens,
    },
    ids,
    onEvent: (execution, event) => {
      onEvent?.(execution, event);
      const change = events.statusChange(execution, event);
      if (change) bus.publish(change);
    },
  });
  const bus: EventBus = new EventBus({
    rules: ofType(resources, 'AWS::Events::Rule').filter((rule) => options.watch || !isWatching(rule)),
    invokeTarget: (arn, input) => {
      if (!lambda.find(arn)) return void machines.startExecution(arn, input);
      return lambda.invoke(arn, input, { executionId: 'events', stateName: 'EventBridge' }).then(() => {});
    },
    scheduledEvent: (rule) => events.scheduled(rule),
    ...(delivery ? { delivery } : {}),
    random: random(5),
    onArrival: (event) => noteFinding(event, () => [cloud, ...places.map((place) => place.cloud)]),
  });
  undo.push(() => bus.stop());
  const instanceIds = fleet.map((spec) => cloud.launch(spec));
  for (const name of options.logGroups ?? []) cloud.logs.groups.create(name);
  putIntoCloud(resources, instanceIds, cloud, options.alarms);
  countEmitted(lines, cloud);
  countDeadLetters(resources, bus.deadLetters, cloud);
  const forward = (event: CloudEvent) => bus.receive(event);
  const places = (options.places ?? []).map((spec, index) =>
    raisePlace(spec, index, { home: cloud, stage: options.stage, seed, resources, template, forward }),
  );
  undo.push(() => {
    for (const place of places) place.cloud.stop();
  });
  cloud.start();
  if (options.schedules !== false) bus.startSchedules();
  return {
    resources,
    region,
    instanceIds,
    time,
    cloud,
    places,
    bus,
    machines,
    tokens,
    urls,
    logs: lines,
    variables,
    dynamoDb,
    end,
  };
}

/** The days of a bucket's default retention, if it has one. */
function lockDaysOf({ properties }: StackResource): number | undefined {
  const { ObjectLockConfiguration: lock } = properties as {
    ObjectLockConfiguration?: { Rule?: { DefaultRetention?: { Days?: unknown } } };
  };
  const days = lock?.Rule?.DefaultRetention?.Days;
  return days === undefined ? undefined : Number(days);
}

const isVersioned = ({ properties }: StackResource): boolean =>
  (properties.VersioningConfiguration as { Status?: string } | undefined)?.Status === 'Enabled';

/** Whether a rule is one of resources/watch-rules.yml, by its logical id. */
function isWatching({ logicalId }: StackResource): boolean {
  return /^(HostMaintenance|Instance(State|Tag)|Reconcile|Patrol|Review)/.test(logicalId);
}

function ofType(resources: readonly StackResource[], type: string): StackResource[] {
  return resources.filter((resource) => resource.type === type);
}

/** The local engine and the SDK draw their jitter from Math.random: seeded, the same drill gives the same times. */
function seedMathRandom(random: () => number): () => void {
  const before = Math.random;
  Math.random = random;
  return () => {
    Math.random = before;
  };
}

/** The queue's metric follows the letters in it, so that the dead-letter alarm fires as it would. */
function countDeadLetters(
  resources: readonly StackResource[],
  letters: readonly DeadLetter[],
  cloud: SimulatedCloud,
): void {
  for (const queue of ofType(resources, 'AWS::SQS::Queue')) {
    const dimensions = { QueueName: String(queue.properties.QueueName ?? queue.logicalId) };
    const metric = { namespace: 'AWS/SQS', metricName: 'ApproximateNumberOfMessagesVisible', dimensions };
    const count = (at: number) => letters.filter((letter) => letter.queueArn === queue.arn && letter.at <= at).length;
    cloud.cloudWatch.series(metric, { value: count });
  }
}
