import { instanceIdSchema } from '../shared/identifiers';
import type { FindingEvent } from './event-schema';

/** The parts of a finding that name instances. */
interface Named {
  resource: FindingEvent['detail']['resource'];
  service: Pick<FindingEvent['detail']['service'], 'detection'>;
}

/** The ID at the end of an ARN, or the text itself. */
const idOf = (text: string | undefined) => text?.split('/').at(-1);

/**
 * The instances that a finding names, each once: that of its resource, or those of an attack sequence, which has none.
 * Source: GuardDuty API reference, "Resource" and "ResourceV2" (`resourceType` EC2_INSTANCE; `uid` is an ARN or an ID).
 */
export function namedInstances({ resource, service }: Named): string[] {
  const sequence = service.detection?.sequence?.resources ?? [];
  const parts = sequence.filter(({ resourceType }) => resourceType === 'EC2_INSTANCE');
  const all = [resource.instanceDetails?.instanceId, ...parts.map(({ uid, name }) => valid(idOf(uid)) ?? name)];
  return [...new Set(all.flatMap((text) => valid(text) ?? []))];
}

function valid(text: string | undefined): string | undefined {
  const parsed = instanceIdSchema.safeParse(text);
  return parsed.success ? parsed.data : undefined;
}
