import type { LookupEventsCommandInput, LookupEventsCommandOutput } from '@aws-sdk/client-cloudtrail';
import { type Environment, randomUuid } from '../environment';
import { serviceError } from '../errors';
import { reads, type ServiceModel } from '../service';

/** A management event of somebody's, as a drill plants it. */
export interface PlantedEvent {
  /** Epoch milliseconds. */
  at: number;
  eventName: string;
  /** `ec2.amazonaws.com`. */
  eventSource: string;
  /** The name by which LookupEvents finds it. */
  resource: string;
  userArn: string;
  from: string;
  readOnly: boolean;
  errorCode?: string | undefined;
  requestParameters?: Record<string, unknown> | undefined;
  /** How long CloudTrail takes to deliver it. */
  delayMs: number;
}

/**
 * Simulated event history: what people and services changed, minutes late, by one attribute a call, newest first.
 * Source: CloudTrail API reference, LookupEvents; user guide, "How CloudTrail works" (about five minutes on average).
 */
export class CloudTrailModel implements ServiceModel {
  readonly service = 'cloudtrail';
  private readonly events: (PlantedEvent & { id: string })[] = [];

  constructor(private readonly environment: Environment) {}

  /** Plants an event; it may lie ahead. */
  plant(event: PlantedEvent): void {
    this.events.push({ ...event, id: randomUuid(this.environment.random) });
  }

  readonly commands = {
    LookupEvents: reads<LookupEventsCommandInput, LookupEventsCommandOutput>((input) => {
      const { LookupAttributes = [], StartTime, EndTime, MaxResults = 50 } = input;
      const [attribute] = LookupAttributes;
      if (LookupAttributes.length > 1)
        throw refused('InvalidLookupAttributesException', 'Only one lookup attribute is supported.');
      if (MaxResults < 1 || MaxResults > 50) throw refused('InvalidMaxResultsException', 'MaxResults must be 1 to 50.');
      if (StartTime && EndTime && StartTime > EndTime)
        throw refused('InvalidTimeRangeException', 'The start time is after the end time.');
      const now = Date.now();
      const found = this.events
        .filter(({ resource }) => attribute?.AttributeKey !== 'ResourceName' || resource === attribute.AttributeValue)
        .filter(({ at, delayMs }) => at + delayMs <= now)
        .filter(({ at }) => at >= Number(StartTime ?? 0) && at <= Number(EndTime ?? now))
        .sort((a, b) => b.at - a.at)
        .slice(0, MaxResults);
      return { Events: found.map((event) => this.view(event)) };
    }),
  };

  private view(event: PlantedEvent & { id: string }) {
    const { at, id, eventName, eventSource, resource, userArn, from, readOnly, errorCode, requestParameters } = event;
    const record = {
      eventVersion: '1.11',
      eventID: id,
      eventTime: `${new Date(at).toISOString().slice(0, 19)}Z`,
      eventName,
      eventSource,
      awsRegion: this.environment.region,
      sourceIPAddress: from,
      readOnly,
      userIdentity: { type: 'AssumedRole', arn: userArn, accountId: this.environment.account },
      ...(errorCode ? { errorCode } : {}),
      requestParameters: requestParameters ?? null,
    };
    return {
      EventId: id,
      EventName: eventName,
      EventTime: new Date(at),
      EventSource: eventSource,
      ReadOnly: String(readOnly),
      Resources: [{ ResourceName: resource }],
      CloudTrailEvent: JSON.stringify(record),
    };
  }
}

const refused = (code: string, message: string) => serviceError('cloudtrail', code, message);
