import type { DescribeScalingActivitiesType } from '@aws-sdk/client-auto-scaling';
import { type Environment, randomUuid } from '../environment';
import { UnmodelledInputError } from '../errors';
import { invalid } from './invalid';

/** Something that a group did. Source: Auto Scaling API reference, Activity. */
interface Activity {
  id: string;
  group: string;
  /** Epoch milliseconds. */
  at: number;
  description: string;
  cause: string;
  status: string;
}

/** What the groups of an account did. Source: Auto Scaling API reference, DescribeScalingActivities. */
export class Activities {
  /** The newest last. */
  private readonly all: Activity[] = [];

  constructor(private readonly random: Environment['random']) {}

  /** Notes an activity of a group, at an instant that may lie ahead; AWS names its instance in the description alone. */
  note(activity: Omit<Activity, 'id'>): void {
    this.all.push({ ...activity, id: randomUuid(this.random) });
  }

  /** Answers DescribeScalingActivities. */
  describe(input: DescribeScalingActivitiesType): object {
    const { AutoScalingGroupName, Filters = [], MaxRecords = 100 } = input;
    const other = Filters.find(({ Name }) => Name !== 'StartTimeLowerBound');
    if (other) throw new UnmodelledInputError(`The simulated Auto Scaling does not model the filter '${other.Name}'.`);
    if (MaxRecords > 100) throw invalid('MaxRecords must be at most 100.');
    const from = Date.parse(Filters[0]?.Values?.[0] ?? '1970-01-01T00:00:00Z');
    if (Number.isNaN(from)) throw invalid('StartTimeLowerBound must be a timestamp.');
    const found = this.all.filter(
      ({ group, at }) => group === (AutoScalingGroupName ?? group) && at >= from && at <= Date.now(),
    );
    return {
      Activities: [...found]
        .sort((a, b) => b.at - a.at)
        .slice(0, MaxRecords)
        .map(({ id, group, at, description, cause, status }) => ({
          ActivityId: id,
          AutoScalingGroupName: group,
          StartTime: new Date(at),
          Description: description,
          Cause: cause,
          StatusCode: status,
        })),
    };
  }
}
