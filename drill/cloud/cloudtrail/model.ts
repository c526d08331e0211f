import type { LookupEventsCommandInput, LookupEventsCommandOutput } from '@aws-sdk/client-cloudtrail';
import { type Environment, randomUuid } from '../environment';
import { serviceError, UnmodelledInputError } from '../errors';
import { reads, type ServiceModel } from '../service';
import { type PlantedEvent, recordOf, usernameOf } from './record';

export type { PlantedEvent } from './record';

type Planted = PlantedEvent & { id: string };
type LookedUp = NonNullable<LookupEventsCommandOutput['Events']>[number];

/**
 * Simulated event history: what people and services changed, minutes late, by one attribute a call, newest first.
 * Source: CloudTrail API reference, LookupEvents; user guide, "How CloudTrail works" (about five minutes on average).
 */
export class CloudTrailModel implements ServiceModel {
  readonly service = 'cloudtrail';
  private readonly events: Planted[] = [];

  constructor(private readonly environment: Environment) {}

  /** Plants an event; it may lie ahead. @returns its record, as a trail delivers it */
  plant(event: PlantedEvent): string {
    const planted = { ...event, id: randomUuid(this.environment.random) };
    this.events.push(planted);
    return this.line(planted);
  }

  readonly commands = {
    LookupEvents: reads<LookupEventsCommandInput, LookupEventsCommandOutput>((input) => {
      const { LookupAttributes = [], StartTime, EndTime, MaxResults = 50, NextToken } = input;
      const [attribute] = LookupAttributes;
      if (LookupAttributes.length > 1)
        throw refused('InvalidLookupAttributesException', 'Only one lookup attribute is supported.');
      if (MaxResults < 1 || MaxResults > 50) throw refused('InvalidMaxResultsException', 'MaxResults must be 1 to 50.');
      if (StartTime && EndTime && StartTime > EndTime)
        throw refused('InvalidTimeRangeException', 'The start time is after the end time.');
      const valueIn = attribute ? attributes[attribute.AttributeKey ?? ''] : undefined;
      if (attribute && !valueIn)
        throw new UnmodelledInputError(`The lookup attribute ${attribute.AttributeKey} is not modelled.`);
      const from = Number(NextToken ?? 0);
      if (!Number.isInteger(from)) throw refused('InvalidNextTokenException', 'The token is not valid.');
      const now = Date.now();
      const found = this.events
        .filter((event) => !valueIn || valueIn(event) === attribute?.AttributeValue)
        .filter(({ at, delayMs }) => at + delayMs <= now)
        .filter(({ at }) => at >= Number(StartTime ?? 0) && at <= Number(EndTime ?? now))
        .sort((a, b) => b.at - a.at);
      const page = found.slice(from, from + MaxResults);
      const next = from + MaxResults < found.length ? { NextToken: String(from + MaxResults) } : {};
      return { Events: page.map((event) => this.view(event)), ...next };
    }),
  };

  private line(event: Planted): string {
    return JSON.stringify(recordOf(event, this.environment));
  }

  private view(event: Planted): LookedUp {
    const { at, id, eventName, eventSource, resource, accessKeyId, readOnly } = event;
    return {
      EventId: id,
      EventName: eventName,
      EventTime: new Date(at),
      EventSource: eventSource,
      Username: usernameOf(event),
      ...(accessKeyId ? { AccessKeyId: accessKeyId } : {}),
      ReadOnly: String(readOnly),
      Resources: resource ? [{ ResourceName: resource }] : [],
      CloudTrailEvent: this.line(event),
    };
  }
}

/** What each lookup attribute is compared with. */
const attributes: Readonly<Record<string, (event: Planted) => string | undefined>> = {
  ResourceName: ({ resource }) => resource,
  Username: usernameOf,
  AccessKeyId: ({ accessKeyId }) => accessKeyId,
  EventName: ({ eventName }) => eventName,
  EventSource: ({ eventSource }) => eventSource,
  EventId: ({ id }) => id,
  ReadOnly: ({ readOnly }) => String(readOnly),
};

const refused = (code: string, message: string) => serviceError('cloudtrail', code, message);
