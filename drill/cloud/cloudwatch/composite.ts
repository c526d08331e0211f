import type {
  CompositeAlarm as CompositeAlarmView,
  PutCompositeAlarmInput,
  StateValue,
} from '@aws-sdk/client-cloudwatch';
import { type AlarmState, alarmTime, initialState } from './alarm';
import { type AlarmRule, parseAlarmRule } from './alarm-rule';

type Children = (nameOrArn: string) => { readonly arn: string; readonly state: AlarmState } | undefined;
type Suppression = {
  actionsSuppressedBy?: 'Alarm' | 'WaitPeriod' | 'ExtensionPeriod';
  actionsSuppressedReason?: string;
};

/** A composite alarm: in ALARM while its rule over other alarms holds. */
export class CompositeAlarm {
  state: AlarmState = initialState();
  readonly configuredAt = Date.now();
  private readonly parsed: AlarmRule;

  /** @throws InvalidInputError when the rule can not be read. */
  constructor(
    readonly input: PutCompositeAlarmInput & { AlarmName: string; AlarmRule: string },
    readonly arn: string,
    private readonly childOf: Children,
  ) {
    this.parsed = parseAlarmRule(input.AlarmRule);
  }

  get name(): string {
    return this.input.AlarmName;
  }

  get rule(): string {
    return this.input.AlarmRule;
  }

  /** Names or ARNs of the alarms its rule mentions. */
  get children(): readonly string[] {
    return this.parsed.children;
  }

  /** What its state should be now, by its children. */
  evaluated(): AlarmState {
    const value: StateValue = this.parsed.holds((alarm) => this.childOf(alarm)?.state.value) ? 'ALARM' : 'OK';
    const children = this.children.map((name) => this.childOf(name)).filter((child) => child !== undefined);
    const latest = children.toSorted((a, b) => b.state.at - a.state.at)[0];
    // The one that changed last is among them, whatever its state: it may be OK.
    const triggering = children.filter((child) => child.state.value === value || child === latest);
    return {
      value,
      reason: latest
        ? `${latest.arn} transitioned to ${latest.state.value} at ${longDate(latest.state.at)}`
        : `The rule is ${value}`,
      reasonData: JSON.stringify({
        triggeringAlarms: (triggering.length > 0 ? triggering : children).map(({ arn, state }) => ({
          arn,
          state: { value: state.value, timestamp: alarmTime(state.at) },
        })),
      }),
      at: Date.now(),
    };
  }

  /** Why its actions are held back at the moment, in the words of the event's state. Source: "Composite alarm action suppression". */
  suppression(): Suppression {
    const suppressor = this.input.ActionsSuppressor ? this.childOf(this.input.ActionsSuppressor) : undefined;
    if (!suppressor || this.state.value !== 'ALARM') return {};
    const by = this.suppressedBy(suppressor.state);
    return by ? { actionsSuppressedBy: by, actionsSuppressedReason: `Actions suppressed by ${by}` } : {};
  }

  /** The alarm as DescribeAlarms answers it. */
  view(): CompositeAlarmView {
    const { Tags, ...settings } = this.input;
    const { actionsSuppressedBy, actionsSuppressedReason } = this.suppression();
    return {
      ...settings,
      ActionsEnabled: settings.ActionsEnabled ?? true,
      AlarmArn: this.arn,
      AlarmConfigurationUpdatedTimestamp: new Date(this.configuredAt),
      StateValue: this.state.value,
      StateReason: this.state.reason,
      ...(this.state.reasonData && { StateReasonData: this.state.reasonData }),
      StateUpdatedTimestamp: new Date(this.state.at),
      StateTransitionedTimestamp: new Date(this.state.at),
      ...(actionsSuppressedBy && {
        ActionsSuppressedBy: actionsSuppressedBy,
        ActionsSuppressedReason: actionsSuppressedReason,
      }),
    };
  }

  private suppressedBy(suppressor: AlarmState): Suppression['actionsSuppressedBy'] {
    if (suppressor.value === 'ALARM') return 'Alarm';
    const since = (at: number) => (Date.now() - at) / 1000;
    if (since(this.state.at) < (this.input.ActionsSuppressorWaitPeriod ?? 0)) return 'WaitPeriod';
    return since(suppressor.at) < (this.input.ActionsSuppressorExtensionPeriod ?? 0) ? 'ExtensionPeriod' : undefined;
  }
}

/** Friday 22 July, 2022 15:57:45 UTC. */
function longDate(at: number): string {
  const date = new Date(at);
  const part = (options: Intl.DateTimeFormatOptions) => date.toLocaleString('en-GB', { timeZone: 'UTC', ...options });
  const day = `${part({ weekday: 'long' })} ${part({ day: '2-digit' })} ${part({ month: 'long' })}, ${part({ year: 'numeric' })}`;
  return `${day} ${date.toISOString().slice(11, 19)} UTC`;
}
