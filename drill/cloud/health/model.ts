import { arnOf } from '../arn';
import { type Environment, randomHex } from '../environment';

/** A communication of AWS Health, as a drill plants it. */
export interface HealthNews {
  service: string;
  code: string;
  category: string;
  scope: string;
  status: string;
  /** Epoch milliseconds. */
  startsAt: number;
  endsAt?: number | undefined;
  /** IDs or ARNs. */
  entities: readonly string[];
}

/** An event that AWS Health keeps telling of. */
export interface HealthSubject {
  eventArn: string;
  told: number;
}

/**
 * Simulated AWS Health: it sends its events to EventBridge, names affected entities and never a zone, and answers no
 * calls, since its API needs a paid support plan.
 * Source: AWS Health user guide, "AWS Health events Amazon EventBridge schema".
 */
export class HealthModel {
  /** When each subject was open, for whoever checks what was done meanwhile. */
  readonly open: { subject: HealthSubject; news: HealthNews; from: number; to: number }[] = [];

  constructor(private readonly environment: Environment) {}

  /** A new event, of which nothing has been told yet. */
  begin({ service, code }: Pick<HealthNews, 'service' | 'code'>): HealthSubject {
    const { random, region } = this.environment;
    const id = `${code}_${randomHex(random, 12).toUpperCase()}`;
    return { eventArn: arnOf({ account: '', region }, 'health', `event/${service}/${code}/${id}`), told: 0 };
  }

  /** Tells of an event. */
  tell(subject: HealthSubject, news: HealthNews): void {
    const { account, region } = this.environment;
    subject.told += 1;
    this.note(subject, news);
    this.environment.emit({
      source: 'aws.health',
      'detail-type': 'AWS Health Event',
      resources: [...news.entities],
      detail: {
        eventArn: subject.eventArn,
        service: news.service,
        eventTypeCode: news.code,
        eventTypeCategory: news.category,
        eventScopeCode: news.scope,
        communicationId: `${subject.eventArn.slice(-12)}-${subject.told}`,
        startTime: new Date(news.startsAt).toUTCString(),
        ...(news.endsAt === undefined ? {} : { endTime: new Date(news.endsAt).toUTCString() }),
        lastUpdatedTime: new Date(Date.now()).toUTCString(),
        statusCode: news.status,
        eventRegion: region,
        eventDescription: [{ language: 'en_US', latestDescription: 'A drill.' }],
        affectedEntities: news.entities.map((entityValue) => ({ entityValue })),
        affectedAccount: account,
        page: '1',
        totalPages: '1',
        backupEvent: 'false',
      },
    });
  }

  private note(subject: HealthSubject, news: HealthNews): void {
    for (const one of this.open.filter((other) => other.subject === subject)) one.to = Math.min(one.to, Date.now());
    if (news.status !== 'open') return;
    const to = news.endsAt ?? Number.POSITIVE_INFINITY;
    this.open.push({ subject, news, from: Math.max(Date.now(), news.startsAt), to });
  }
}
