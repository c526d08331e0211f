import { Accounts, type Place } from './accounts';
import { arnOf } from './arn';
import { AutoScalingModel } from './autoscaling/model';
import { type Caller, runAs } from './caller';
import { CloudTrailModel } from './cloudtrail/model';
import { CloudWatchModel } from './cloudwatch/model';
import { CodeDeployModel } from './codedeploy/model';
import { lateIndexes } from './dynamodb/late-indexes';
import { Ec2Model } from './ec2/model';
import type { InstanceSpecInput } from './ec2/spec';
import { ElasticLoadBalancingModel } from './elbv2/model';
import { type CloudEvent, type Environment, isoSeconds, randomUuid } from './environment';
import { EventBridgeModel } from './eventbridge/model';
import type { ActiveFault } from './faults/fault';
import { applyFaults, type FaultSpec } from './faults/registry';
import { GuardDutyModel } from './guardduty/model';
import { HealthModel } from './health/model';
import { Authorization, type StatementsOf } from './iam/authorization';
import { IamModel } from './iam/model';
import { judgeSessions } from './iam/session-authorization';
import { KmsModel } from './kms/model';
import { LogsModel } from './logs/model';
import { attachTo, observeOn, type SignedCall } from './middleware';
import type { Models } from './models';
import { Pipeline, type Request } from './pipeline';
import { RequestRates } from './rates';
import { S3Model } from './s3/model';
import type { SdkClient } from './sdk-client';
import type { Call, ServiceModel, ServiceName } from './service';
import { SnsModel } from './sns/model';
import { SsmModel } from './ssm/model';
import type { Principal } from './sts/roles';
import { Timers } from './timers';
import { WafModel } from './wafv2/model';

/** How to set up a simulated cloud. */
export interface SimulatedCloudOptions {
  account: string;
  region: string;
  /** Seeded generator of numbers in [0, 1). */
  random: () => number;
  /** Takes the events the services send to EventBridge. */
  emit: (event: CloudEvent) => void;
  faults?: readonly FaultSpec[];
  /** What the roles of the functions say; what has none may do all. */
  statementsOf?: StatementsOf;
  /** The ARN of a function's role, for STS. */
  roleArnOf?: (functionName: string) => string | undefined;
  /** The organisation of the account, if it is in one. */
  organizationId?: string;
  /** The own account's cloud, when this one is a further place of the same run. */
  beside?: SimulatedCloud;
  /** Latency of one call in (virtual) milliseconds; 20 to 80 unless given. */
  latencyMs?: (random: () => number) => number;
}

/** A model of one AWS account in one region that answers the commands of AWS SDK clients. */
export class SimulatedCloud implements Models {
  readonly accounts: Accounts<SimulatedCloud>;
  readonly place: Place;
  readonly ec2: Ec2Model;
  readonly cloudTrail: CloudTrailModel;
  readonly cloudWatch: CloudWatchModel;
  readonly codeDeploy = new CodeDeployModel();
  readonly health: HealthModel;
  readonly eventBridge: EventBridgeModel;
  readonly guardDuty = new GuardDutyModel();
  readonly kms = new KmsModel();
  readonly logs: LogsModel;
  readonly s3: S3Model;
  readonly sns: SnsModel;
  readonly ssm: SsmModel;
  readonly autoScaling: AutoScalingModel;
  readonly loadBalancing: ElasticLoadBalancingModel;
  readonly iam = new IamModel();
  readonly waf = new WafModel();
  private readonly timers = new Timers();
  private readonly models: Map<ServiceName, ServiceModel>;
  private readonly pipeline: Pipeline;
  private readonly faults: readonly ActiveFault[];
  private readonly detachments: (() => void)[] = [];

  /** @throws InvalidInputError when a fault is unknown or its parameters are wrong. */
  constructor(options: SimulatedCloudOptions) {
    const { random, latencyMs = (draw) => 20 + draw() * 60 } = options;
    const environment = this.environment(options);
    const place = { account: options.account, region: options.region };
    this.place = place;
    this.accounts = options.beside?.accounts ?? new Accounts(random, (call) => principalOf(call, options));
    this.accounts.add(place, this);
    this.ec2 = new Ec2Model(environment, this.iam);
    this.loadBalancing = new ElasticLoadBalancingModel(this.ec2);
    this.autoScaling = new AutoScalingModel(environment, this.ec2, this.loadBalancing);
    this.cloudWatch = new CloudWatchModel(environment, { ec2: this.ec2 });
    this.cloudTrail = new CloudTrailModel(environment);
    this.health = new HealthModel(environment);
    this.logs = new LogsModel(environment, this.cloudWatch.metrics);
    this.eventBridge = new EventBridgeModel(environment);
    this.s3 = new S3Model(environment);
    this.sns = new SnsModel(environment);
    this.ssm = new SsmModel(environment, this.ec2);
    this.models = new Map(
      [
        this.ec2,
        this.cloudWatch,
        this.cloudTrail,
        this.codeDeploy,
        this.eventBridge,
        this.guardDuty,
        this.kms,
        this.logs,
        this.s3,
        this.sns,
        this.autoScaling,
        this.loadBalancing,
        this.iam,
        this.ssm,
        this.waf,
        this.accounts.sts,
      ].map((model: ServiceModel) => [model.service, model]),
    );
    const authorization = new Authorization(options.statementsOf ?? (() => undefined), this.ec2, options);
    this.faults = [
      ...applyFaults(options.faults ?? [], this),
      authorization.asFault(),
      judgeSessions(this.accounts.keys, place, (id) => this.ec2.find(id)?.tags),
      lateIndexes(),
    ];
    this.pipeline = new Pipeline({
      place,
      ledger: this.ledger,
      rates: new RequestRates(),
      faults: this.faults,
      authorization,
      random,
      latencyMs: () => latencyMs(random),
    });
  }

  /** Every call of the run, of all its places. */
  get ledger(): Accounts<SimulatedCloud>['ledger'] {
    return this.accounts.ledger;
  }

  /** Adds the model of a service that lives outside the cloud, such as the state machines' callbacks. */
  add(model: ServiceModel): void {
    this.models.set(model.service, model);
  }

  /** Answers the calls of an SDK client from now on, each by the place of its access key. @returns a function that detaches it. */
  attach(client: SdkClient): () => void {
    return this.detachable(attachTo(client, (call) => this.answer(call)));
  }

  /** Watches the calls of a client of a real service: same ledger, same faults, but they are passed on. */
  observe(client: SdkClient): () => void {
    return this.detachable(observeOn(client, this.pipeline));
  }

  /** Runs `work` as one invocation of a function, so that the ledger names it and a crash fault can end it. */
  asCaller<T>(caller: Caller, work: () => Promise<T>): Promise<T> {
    return runAs(caller, async () => {
      for (const fault of this.faults) fault.invoke?.(caller);
      return work();
    });
  }

  /**
   * Makes a call that a state machine makes by itself, through no SDK client: same ledger, same faults of the service, but
   * none of Lambda's. Nothing is tried again here: that is the machine's own Retry.
   */
  integrate(caller: Caller, { service, command, input }: Omit<Request, 'target'>): Promise<unknown> {
    const model = this.models.get(service)?.commands[command];
    return runAs(caller, () => this.pipeline.send({ service, command, input, target: { model } }), false);
  }

  /** Launches an instance, into its Auto Scaling group if it has one. */
  launch(spec: InstanceSpecInput): string {
    const id = this.ec2.launch(spec);
    if (spec.autoScalingGroupName) this.autoScaling.join(spec.autoScalingGroupName, id);
    return id;
  }

  /** Begins to evaluate alarms and health checks. */
  start(): void {
    this.cloudWatch.start();
  }

  /** Ends the cloud: no pending work stays behind and all clients are detached. */
  stop(): void {
    this.timers.clear();
    for (const detach of this.detachments.splice(0)) detach();
  }

  private answer({ signed, ...call }: SignedCall): Promise<unknown> {
    const { cloud, session } = this.accounts.routeOf(signed);
    return cloud.pipeline.send({
      ...call,
      session,
      target: { model: cloud.models.get(call.service)?.commands[call.command] },
    });
  }

  private detachable(detach: () => void): () => void {
    this.detachments.push(detach);
    return detach;
  }

  private environment({ account, region, random, emit }: SimulatedCloudOptions): Environment {
    const send: Environment['emit'] = (event) =>
      emit({ version: '0', id: randomUuid(random), account, region, time: isoSeconds(Date.now()), ...event });
    return { account, region, random, timers: this.timers, emit: send };
  }
}

/** A function is its role; whoever is none of the template's may ask for all. */
function principalOf({ caller }: Call, options: SimulatedCloudOptions): Principal {
  const { account, region, organizationId, statementsOf, roleArnOf } = options;
  const statements = caller && statementsOf?.(caller.functionName);
  const arn = (caller && roleArnOf?.(caller.functionName)) ?? arnOf({ account, region }, 'iam', 'role/admin');
  return { arn, account, organizationId, ...(statements && { policies: [statements] }) };
}
