import { ResourceNotFound, type StateValue } from '@aws-sdk/client-cloudwatch';
import type { Environment } from '../environment';
import { Alarm, type AlarmState } from './alarm';
import { CompositeAlarm } from './composite';
import { type Contributor, contributorStateChange, stateChange } from './events';
import type { Metrics } from './series';

/** All alarms of the account: evaluates them and tells EventBridge of every transition. */
export class AlarmBook {
  /** When true, an alarm that is in ALARM stays there whatever its metric says. */
  staysInAlarm = false;
  private readonly alarms = new Map<string, Alarm | CompositeAlarm>();
  /** All alarms by their names, made when it is asked for: a large account is described in hundreds of pages. */
  private byName: readonly (Alarm | CompositeAlarm)[] | undefined;
  private readonly contributors = new Map<string, Contributor[]>();
  private readonly listeners: ((alarm: Alarm | CompositeAlarm) => void)[] = [];

  constructor(
    private readonly environment: Environment,
    private readonly metrics: Metrics,
  ) {}

  add(alarm: Alarm | CompositeAlarm): void {
    this.alarms.set(alarm.name, alarm);
    this.byName = undefined;
  }

  delete(name: string): boolean {
    this.byName = undefined;
    return this.alarms.delete(name);
  }

  all(): (Alarm | CompositeAlarm)[] {
    return [...this.alarms.values()];
  }

  /** The alarms of these names, or all, in the order of their names. */
  sorted(names?: readonly string[]): readonly (Alarm | CompositeAlarm)[] {
    const inOrder = (alarms: (Alarm | CompositeAlarm)[]) => alarms.sort((a, b) => (a.name < b.name ? -1 : 1));
    if (names) return inOrder([...new Set(names)].flatMap((name) => this.alarms.get(name) ?? []));
    this.byName ??= inOrder(this.all());
    return this.byName;
  }

  /** An alarm by its name or ARN. */
  find(nameOrArn: string): Alarm | CompositeAlarm | undefined {
    return this.alarms.get(nameOrArn.replace(/^arn:aws[\w-]*:cloudwatch:[^:]*:[^:]*:alarm:/, ''));
  }

  /** An alarm by its name. @throws ResourceNotFound. */
  require(name: string): Alarm | CompositeAlarm {
    const alarm = this.alarms.get(name);
    if (!alarm)
      throw new ResourceNotFound({ message: `Alarm ${name} does not exist`, $metadata: { httpStatusCode: 404 } });
    return alarm;
  }

  /** Calls `listener` after every transition of any alarm. */
  onTransition(listener: (alarm: Alarm | CompositeAlarm) => void): void {
    this.listeners.push(listener);
  }

  /** Seconds between two evaluations: a minute, or ten seconds once an alarm has a shorter period. */
  interval(): number {
    const isFast = (alarm: Alarm | CompositeAlarm) =>
      alarm instanceof Alarm && (alarm.watched?.periodSeconds ?? 60) < 60;
    for (const alarm of this.alarms.values()) if (isFast(alarm)) return 10;
    return 60;
  }

  /** Evaluates every metric alarm, and the composite ones after them. */
  evaluate(): void {
    for (const alarm of this.all()) {
      if (!(alarm instanceof Alarm) || alarm.evaluation === 'manual') continue;
      if (!(this.staysInAlarm && alarm.state.value === 'ALARM')) this.enter(alarm, alarm.evaluated(this.metrics));
    }
    this.evaluateComposites();
  }

  /** Puts an alarm into a state and tells EventBridge, if that is a transition. */
  enter(alarm: Alarm | CompositeAlarm, state: AlarmState): boolean {
    const previous = alarm.state;
    if (state.value === previous.value) return false;
    alarm.state = state;
    this.environment.emit(stateChange(alarm, previous));
    for (const listener of this.listeners) listener(alarm);
    return true;
  }

  /** Evaluates composite alarms until none changes any more: they may watch each other. */
  evaluateComposites(): void {
    const composites = this.all().filter((alarm) => alarm instanceof CompositeAlarm);
    for (let round = 0; round <= composites.length; round += 1) {
      if (!composites.map((alarm) => this.enter(alarm, alarm.evaluated())).some(Boolean)) return;
    }
  }

  /** The series of a Metrics Insights alarm that are in ALARM. */
  contributorsOf(alarmName: string): readonly Contributor[] {
    return this.contributors.get(alarmName) ?? [];
  }

  /**
   * Lets one series of a `manual` Metrics Insights alarm enter ALARM or OK, and tells EventBridge; the alarm itself is in
   * ALARM as long as any series is, and has an event of its own. Source: as in events.ts, "Multi time series alarm".
   */
  enterContributor(
    alarmName: string,
    contributor: Omit<Contributor, 'at'>,
    value: Exclude<StateValue, 'INSUFFICIENT_DATA'>,
  ): void {
    const alarm = this.require(alarmName);
    if (!(alarm instanceof Alarm)) return;
    const entered = { ...contributor, at: Date.now() };
    const others = this.contributorsOf(alarmName).filter(({ id }) => id !== contributor.id);
    this.contributors.set(alarmName, value === 'ALARM' ? [...others, entered] : others);
    this.environment.emit(contributorStateChange(alarm, entered, value));
    const whole = this.contributorsOf(alarmName).length > 0 ? 'ALARM' : 'OK';
    this.enter(alarm, { value: whole, reason: contributor.reason, at: entered.at });
  }
}
