import type {
  PutEventsCommandInput,
  PutEventsCommandOutput,
  PutEventsRequestEntry,
  PutEventsResultEntry,
} from '@aws-sdk/client-eventbridge';
import { type Environment, randomUuid } from '../environment';
import { serviceError, UnmodelledInputError } from '../errors';
import { changes, type ServiceModel } from '../service';

const MAX_BYTES = 262_144;
const MAX_ENTRIES = 10;

/** An event that a bus took. */
export interface TakenEvent {
  readonly bus: string;
  readonly source: string;
  readonly detailType: string;
  readonly detail: Record<string, unknown>;
  readonly at: number;
}

type Refusal = Required<Pick<PutEventsResultEntry, 'ErrorCode' | 'ErrorMessage'>>;

/**
 * Simulated EventBridge: the buses of the account, and what was put on them; the default bus hands it to the rules. A call
 * may succeed for some entries alone.
 * Sources: EventBridge API reference, PutEvents, PutEventsRequestEntry, PutEventsResultEntry; EventBridge user guide,
 * "Sending events with PutEvents", "Calculating PutEvents event entry size", "EventBridge quotas".
 */
export class EventBridgeModel implements ServiceModel {
  readonly service = 'events';
  readonly taken: TakenEvent[] = [];
  /** The buses of the account; the default one is always there. */
  readonly buses = new Set(['default']);
  /** How many of the next entries end with an error of EventBridge's own, while the call succeeds. */
  failingEntries = 0;

  constructor(private readonly environment: Environment) {}

  readonly commands = {
    PutEvents: changes<PutEventsCommandInput, PutEventsCommandOutput>((input, call) => {
      const { Entries = [], EndpointId } = input;
      if (EndpointId !== undefined) throw new UnmodelledInputError('PutEvents is modelled without global endpoints.');
      if (Entries.length < 1 || Entries.length > MAX_ENTRIES)
        throw serviceError('events', 'ValidationException', "Member must have length between 1 and 10: 'entries'");
      const bytes = Entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
      if (bytes > MAX_BYTES)
        throw serviceError(
          'events',
          'ValidationException',
          'Total size of the entries in the request is over the limit.',
        );
      const results = Entries.map((entry): PutEventsResultEntry => {
        const bus = busOf(entry);
        call.touch(bus);
        const refusal = this.refuse(entry, bus);
        if (refusal) return refusal;
        // Told, as a notice is: nothing of the account is another.
        return { EventId: this.take(entry, bus) };
      });
      return { Entries: results, FailedEntryCount: results.filter(({ ErrorCode }) => ErrorCode).length };
    }),
  };

  private refuse(entry: PutEventsRequestEntry, bus: string): Refusal | undefined {
    const { Source, DetailType, Detail } = entry;
    if (!Source || !DetailType || !Detail)
      return { ErrorCode: 'InvalidArgument', ErrorMessage: 'Source, DetailType and Detail are required.' };
    if (/^aws[./]/.test(Source))
      return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
    if (objectIn(Detail) === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
    // As for a bus that is not there: PutEvents takes the entry, and nobody ever sees it. That is told instead.
    if (!this.buses.has(bus)) throw new UnmodelledInputError(`There is no event bus ${bus} in this account.`);
    if (this.failingEntries === 0) return undefined;
    this.failingEntries -= 1;
    return { ErrorCode: 'InternalFailure', ErrorMessage: 'InternalFailure' };
  }

  private take(
    { Source = '', DetailType = '', Detail = '', Resources = [] }: PutEventsRequestEntry,
    bus: string,
  ): string {
    const detail = objectIn(Detail)!;
    this.taken.push({ bus, source: Source, detailType: DetailType, detail, at: Date.now() });
    if (bus === 'default')
      this.environment.emit({ source: Source, 'detail-type': DetailType, resources: Resources, detail });
    return randomUuid(this.environment.random);
  }
}

/** A bus by its name or its ARN. */
const busOf = ({ EventBusName = 'default' }: PutEventsRequestEntry) => EventBusName.replace(/^arn:.*:event-bus\//, '');

/** A time counts 14 bytes; texts count their bytes. */
function sizeOf({ Time, Source = '', DetailType = '', Detail = '', Resources = [] }: PutEventsRequestEntry): number {
  return (Time ? 14 : 0) + Buffer.byteLength([Source, DetailType, Detail, ...Resources].join(''));
}

function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    return isObject ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
