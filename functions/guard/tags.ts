import type { Config } from '../shared/config';
import { PlaybookError } from '../shared/errors';
import { plainText } from '../shared/plain-text';

/** The instance is not, or no longer, opted in to automation. */
export class NotOptedInError extends PlaybookError {}
/** The instance is tagged as protected: automation never changes it. */
export class ProtectedInstanceError extends PlaybookError {}

/** Tags with which owners allow more, each with the value `true`. */
export const allowTags = {
  forceStop: 'incident-playbooks:allow-force-stop',
  instanceStoreLoss: 'incident-playbooks:allow-instance-store-loss',
  lastHealthy: 'incident-playbooks:allow-last-healthy',
} as const;

/** Names a group of instances of which automation takes down only one at a time; the value is the group's name. */
export const groupTag = 'incident-playbooks:group';

/** Set on an isolated instance, with the incident that isolated it; a release removes it. */
export const quarantineTag = 'incident-playbooks:quarantined-by';

type Tags = Readonly<Record<string, string>>;

/** The values of a tag under every capitalisation of its key: IAM's condition keys are case-insensitive. */
const spellingsOf = (tags: Tags, key: string): [string, string][] =>
  Object.entries(tags).filter(([one]) => one.toLowerCase() === key.toLowerCase());

/**
 * The one reading of a tag that allows something, which is IAM's (StringEqualsIgnoreCase): `true` in any case, and
 * nothing around it, since IAM takes no space away. The key counts as it is written in the stage's settings, as filters
 * of EC2 and rules of EventBridge read it; a second tag whose key differs in case alone, and that says otherwise, is a no.
 * Source: IAM user guide, "String condition operators", "Controlling access using tags".
 */
export function isTagged(tags: Tags, key: string): boolean {
  return tags[key] !== undefined && spellingsOf(tags, key).every(([, value]) => value.toLowerCase() === 'true');
}

/** `true` in every capitalisation: EC2 filters are case-sensitive. Source: EC2 API reference, Filter. */
const everyTrue = [...'true'].reduce<string[]>(
  (words, letter) => words.flatMap((word) => [word + letter, word + letter.toUpperCase()]),
  [''],
);

/** The EC2 filter that matches `isTagged`. */
export const taggedFilter = (key: string) => ({ Name: `tag:${key}`, Values: everyTrue });

/** Tags as EC2 returns them, by key. */
export const toTags = (tags: readonly { Key?: string | undefined; Value?: string | undefined }[] = []) =>
  Object.fromEntries(tags.map(({ Key, Value }) => [Key ?? '', Value ?? '']));

/** The tags that guards read, in every capitalisation (the opt-in and the protected tag, and the product's own), and the name. */
export function guardingTags(
  tags: Tags,
  { OPT_IN_TAG, PROTECTED_TAG }: Pick<Config, 'OPT_IN_TAG' | 'PROTECTED_TAG'>,
): Tags {
  const keys = ['Name', OPT_IN_TAG, PROTECTED_TAG, quarantineTag, groupTag, ...Object.values(allowTags)].map((key) =>
    key.toLowerCase(),
  );
  return Object.fromEntries(Object.entries(tags).filter(([key]) => keys.includes(key.toLowerCase())));
}

/** The protected tag protects with any value except `false`: a typo must not expose an instance. */
export function whyProtected(tags: Tags, { PROTECTED_TAG }: Pick<Config, 'PROTECTED_TAG'>): string | undefined {
  if (spellingsOf(tags, PROTECTED_TAG).every(([, value]) => value.toLowerCase() === 'false')) return undefined;
  return `The instance is protected by its tag ${PROTECTED_TAG}.`;
}

const notOptedIn = ({ OPT_IN_TAG }: Pick<Config, 'OPT_IN_TAG'>) =>
  `The instance does not have the tag ${OPT_IN_TAG}=true.`;

/** The reason shows the actual tags, such as another value; it goes into the record and the notice, but not into a log. */
export function whyNotOptedIn(tags: Tags, config: Pick<Config, 'OPT_IN_TAG'>): string | undefined {
  if (isTagged(tags, config.OPT_IN_TAG)) return undefined;
  const shown = spellingsOf(tags, config.OPT_IN_TAG).map(
    ([key, value]) => `${JSON.stringify(key)} with the value ${JSON.stringify(value.slice(0, 64))}`,
  );
  return shown.length === 0 ? notOptedIn(config) : `${notOptedIn(config)} It has ${plainText(shown.join(' and '))}.`;
}

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
  if (!isTagged(tags, config.OPT_IN_TAG)) throw new NotOptedInError(notOptedIn(config));
}

/** Why an instance's tags forbid a change, with the code of the reason. */
export function refusalByTags(tags: Tags, config: Pick<Config, 'OPT_IN_TAG' | 'PROTECTED_TAG'>) {
  const isProtected = whyProtected(tags, config);
  if (isProtected) return { code: 'protected', reason: isProtected } as const;
  const isNotOptedIn = whyNotOptedIn(tags, config);
  return isNotOptedIn ? ({ code: 'not-opted-in', reason: isNotOptedIn } as const) : undefined;
}
