import type { Config } from '../shared/config';
import { PlaybookError } from '../shared/errors';

/** The instance is not, or no longer, opted in to automation. */
export class NotOptedInError extends PlaybookError {}
/** The instance is tagged as protected: automation never changes it. */
export class ProtectedInstanceError extends PlaybookError {}

/** Tags with which owners allow more, each with the value `true`. */
export const allowTags = {
  forceStop: 'incident-playbooks:allow-force-stop',
  instanceStoreLoss: 'incident-playbooks:allow-instance-store-loss',
} as const;

/** Set on an isolated instance, with the incident that isolated it; a release removes it. */
export const quarantineTag = 'incident-playbooks:quarantined-by';

export function isTagged(tags: Readonly<Record<string, string>>, key: string): boolean {
  return tags[key]?.toLowerCase() === 'true';
}

type Tags = Readonly<Record<string, string>>;

/** Tags as EC2 returns them, by key. */
export const toTags = (tags: readonly { Key?: string | undefined; Value?: string | undefined }[] = []) =>
  Object.fromEntries(tags.map(({ Key, Value }) => [Key ?? '', Value ?? '']));

/** The protected tag protects with any value except `false`: a typo must not expose an instance. */
export function whyProtected(tags: Tags, { PROTECTED_TAG }: Pick<Config, 'PROTECTED_TAG'>): string | undefined {
  const protection = tags[PROTECTED_TAG];
  if (protection === undefined || protection.toLowerCase() === 'false') return undefined;
  return `The instance is protected by its tag ${PROTECTED_TAG}.`;
}

export const whyNotOptedIn = (tags: Tags, { OPT_IN_TAG }: Pick<Config, 'OPT_IN_TAG'>): string | undefined =>
  isTagged(tags, OPT_IN_TAG) ? undefined : `The instance does not have the tag ${OPT_IN_TAG}=true.`;

export const whyQuarantined = (tags: Tags): string | undefined =>
  tags[quarantineTag] === undefined
    ? undefined
    : `The instance is isolated by incident ${tags[quarantineTag]}; release it first.`;

/** @throws ProtectedInstanceError */
export function assertNotProtected(tags: Tags, config: Pick<Config, 'PROTECTED_TAG'>): void {
  const reason = whyProtected(tags, config);
  if (reason) throw new ProtectedInstanceError(reason);
}

/** Checks opt-in and protection in the tags as they are now. @throws ProtectedInstanceError, NotOptedInError */
export function assertTagsAllow(tags: Tags, config: Pick<Config, 'OPT_IN_TAG' | 'PROTECTED_TAG'>): void {
  assertNotProtected(tags, config);
  const reason = whyNotOptedIn(tags, config);
  if (reason) throw new NotOptedInError(reason);
}

/** Why an instance's tags forbid a change, with the code of the reason. */
export function refusalByTags(tags: Tags, config: Pick<Config, 'OPT_IN_TAG' | 'PROTECTED_TAG'>) {
  const isProtected = whyProtected(tags, config);
  if (isProtected) return { code: 'protected', reason: isProtected } as const;
  const isNotOptedIn = whyNotOptedIn(tags, config);
  return isNotOptedIn ? ({ code: 'not-opted-in', reason: isNotOptedIn } as const) : undefined;
}
