import type { PutCompositeAlarmInput, PutMetricAlarmInput, StateValue } from '@aws-sdk/client-cloudwatch';
import { InvalidInputError } from '../../../functions/shared/errors';
import { arnOf } from '../arn';
import type { Environment } from '../environment';
import type { ServiceModel } from '../service';
import { Alarm, type AlarmState } from './alarm';
import { AlarmBook } from './alarm-book';
import { changeAlarms } from './change-alarms';
import { CompositeAlarm } from './composite';
import { describeAlarms } from './describe-alarms';
import { listMetrics } from './list-metrics';
import type { Datapoint, MetricName, Point, Series, Window, World } from './metric';
import { metricData } from './metric-data';
import { Metrics } from './series';

/** Datapoints of a period are there this long after its end, and alarms are evaluated then. */
const DELIVERY_LAG_MS = 3_000;

/** Simulated CloudWatch: metrics as functions of time, and alarms that are evaluated as CloudWatch documents it. */
export class CloudWatchModel implements ServiceModel {
  readonly service = 'cloudwatch';
  readonly commands: ServiceModel['commands'];
  readonly metrics: Metrics;
  readonly alarms: AlarmBook;

  constructor(
    private readonly environment: Environment,
    world: World,
  ) {
    this.metrics = new Metrics(world);
    this.alarms = new AlarmBook(environment, this.metrics);
    this.commands = {
      ...describeAlarms(this.alarms),
      ...changeAlarms(this.alarms, (input) => this.putAlarm(input)),
      ...listMetrics(this.metrics),
      ...metricData(this.metrics),
    };
  }

  /** Defines a metric by a function of time or by recorded points, in place of what EC2 would report by itself. */
  series(metric: MetricName, source: Series | readonly Point[]): void {
    this.metrics.define(metric, source);
  }

  /** The aggregated values of a metric, as GetMetricData would answer them. */
  read(metric: MetricName, window: Window): Datapoint[] {
    return this.metrics.read(metric, window);
  }

  /**
   * Adds or replaces a metric alarm. @returns its ARN.
   * @throws UnmodelledInputError when it can not be evaluated truthfully (metric math, bands, queries), unless it is put `manual`:
   * such an alarm only changes through SetAlarmState or `setState`.
   */
  putAlarm(input: PutMetricAlarmInput, evaluation: 'by-metric' | 'manual' = 'by-metric'): string {
    const AlarmName = named(input.AlarmName);
    const arn = this.arnOf(AlarmName);
    const alarm = new Alarm({ ...input, AlarmName }, arn, evaluation);
    const existing = this.alarms.find(AlarmName);
    if (existing instanceof Alarm) alarm.state = existing.state;
    this.alarms.add(alarm);
    return arn;
  }

  /** Adds or replaces a composite alarm. @returns its ARN. @throws InvalidInputError when its rule can not be read. */
  putCompositeAlarm(input: PutCompositeAlarmInput): string {
    const AlarmName = named(input.AlarmName);
    const arn = this.arnOf(AlarmName);
    const settings = { ...input, AlarmName, AlarmRule: input.AlarmRule ?? '' };
    this.alarms.add(new CompositeAlarm(settings, arn, (name) => this.alarms.find(name)));
    return arn;
  }

  /** Puts an alarm into a state without an API call, as CloudWatch itself would. @throws ResourceNotFound. */
  setState(alarmName: string, value: StateValue, reason: string, reasonData?: object): void {
    const state: AlarmState = {
      value,
      reason,
      ...(reasonData && { reasonData: JSON.stringify(reasonData) }),
      at: Date.now(),
    };
    this.alarms.enter(this.alarms.require(alarmName), state);
    this.alarms.evaluateComposites();
  }

  /** The state an alarm is in. @throws ResourceNotFound. */
  stateOf(alarmName: string): AlarmState {
    return this.alarms.require(alarmName).state;
  }

  /** Begins to evaluate alarms, each minute; those that are there already have been evaluated before the drill begins. */
  start(): void {
    this.environment.timers.after(0, () => this.alarms.evaluate());
    this.environment.timers.every(
      () => this.alarms.interval(),
      DELIVERY_LAG_MS,
      () => this.alarms.evaluate(),
    );
  }

  private arnOf(alarmName: string): string {
    return arnOf(this.environment, 'cloudwatch', `alarm:${alarmName}`);
  }
}

function named(alarmName: string | undefined): string {
  if (!alarmName) throw new InvalidInputError('AlarmName', 'an alarm needs a name');
  return alarmName;
}
