import {
  allowTags,
  assertTagsAllow,
  groupTag,
  guardingTags,
  isTagged,
  quarantineTag,
  refusalByTags,
  taggedFilter,
  toTags,
  whyNotOptedIn,
  whyProtected,
  whyQuarantined,
} from '../../functions/guard/tags';
import { config } from '../fixtures/config';

const { OPT_IN_TAG: optIn, PROTECTED_TAG: protect } = config;

test.each([
  [{ [optIn]: 'true' }, true],
  [{ [optIn]: 'TRUE' }, true],
  [{ [optIn]: 'false' }, false],
  [{ [optIn]: ' true' }, false],
  [{ [optIn]: '' }, false],
  [{}, false],
  // A second tag whose key differs in case alone counts for IAM too.
  [{ [optIn]: 'true', [optIn.toUpperCase()]: 'false' }, false],
  [{ [optIn]: 'true', [optIn.toUpperCase()]: 'true' }, true],
  [{ [optIn.toUpperCase()]: 'true' }, false],
  [{ [`${optIn}d`]: 'true' }, false],
])('%j is tagged: %s', (tags, is) => {
  expect(isTagged(tags as Record<string, string>, optIn)).toBe(is);
});

test('the filter of EC2 finds `true` in every spelling, and nothing else', () => {
  const { Name, Values } = taggedFilter(optIn);

  expect(Name).toBe(`tag:${optIn}`);
  expect(new Set(Values).size).toBe(16);
  expect(Values.every((value) => value.toLowerCase() === 'true')).toBe(true);
});

test.each([
  [{}, false],
  [{ [protect]: 'false' }, false],
  [{ [protect]: 'FALSE' }, false],
  [{ [protect]: 'true' }, true],
  [{ [protect]: '' }, true],
  [{ [protect]: 'flase' }, true],
  [{ [protect.toUpperCase()]: 'yes' }, true],
  [{ [protect]: 'false', [protect.toUpperCase()]: 'true' }, true],
])('%j protects: %s', (tags, is) => {
  expect(whyProtected(tags as Record<string, string>, config)).toBe(
    is ? `The instance is protected by its tag ${protect}.` : undefined,
  );
});

test('what is not opted in is told what it has instead', () => {
  const missing = `The instance does not have the tag ${optIn}=true.`;

  expect(whyNotOptedIn({ [optIn]: 'true' }, config)).toBeUndefined();
  expect(whyNotOptedIn({}, config)).toBe(missing);
  expect(whyNotOptedIn({ [optIn]: 'yes' }, config)).toBe(`${missing} It has "${optIn}" with the value "yes".`);
  expect(whyNotOptedIn({ [optIn]: 'x'.repeat(100) }, config)).toContain(`"${'x'.repeat(64)}"`);
  expect(whyNotOptedIn({ [optIn]: 'no', [optIn.toUpperCase()]: 'true' }, config)).toContain(' and ');
});

test('an isolated instance is told by whom', () => {
  expect(whyQuarantined({})).toBeUndefined();
  expect(whyQuarantined({ [quarantineTag]: 'inc-1' })).toBe(
    'The instance is isolated by incident inc-1; release it first.',
  );
});

test('tags as EC2 returns them are read by key', () => {
  expect(toTags([{ Key: 'a', Value: 'b' }, { Key: 'c' }, { Value: 'd' }])).toEqual({ a: 'b', c: '', '': 'd' });
  expect(toTags(undefined)).toEqual({});
});

test('a change needs the opt in, and protection wins over it', () => {
  expect(() => assertTagsAllow({ [optIn]: 'true' }, config)).not.toThrow();
  expect(() => assertTagsAllow({}, config)).toThrow(expect.objectContaining({ name: 'NotOptedInError' }));
  expect(() => assertTagsAllow({ [optIn]: 'true', [protect]: 'true' }, config)).toThrow(
    expect.objectContaining({ name: 'ProtectedInstanceError' }),
  );
});

test('a value that somebody wrote into the tag goes into no error, which is logged', () => {
  expect(() => assertTagsAllow({ [optIn]: 'secret' }, config)).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('secret') }),
  );
});

test('a refusal has the code of its reason', () => {
  expect(refusalByTags({ [optIn]: 'true' }, config)).toBeUndefined();
  expect(refusalByTags({}, config)).toMatchObject({ code: 'not-opted-in' });
  expect(refusalByTags({ [protect]: 'true' }, config)).toMatchObject({ code: 'protected' });
});

test('of an instance’s tags only those that guards read are kept, in every capitalisation, and its name', () => {
  const kept = {
    Name: 'web',
    [config.OPT_IN_TAG.toUpperCase()]: 'true',
    [config.PROTECTED_TAG]: 'true',
    [quarantineTag]: 'inc-1',
    [groupTag]: 'db',
    ...Object.fromEntries(Object.values(allowTags).map((key) => [key, 'true'])),
  };

  expect(guardingTags({ ...kept, owner: 'alice', 'incident-playbooks:other': 'x' }, config)).toEqual(kept);
});
