import fc from 'fast-check';
import { buildQuestion } from '../../functions/approval/request';
import { noticeOf } from '../../functions/enrolment/run';
import { plain, toNotice } from '../../functions/notice/message';
import { buildNotice, type NoticeFacts } from '../../functions/notice/notice';
import { oneLine } from '../../functions/shared/plain-text';

/** Pieces of what somebody would write who wants to be taken for us. */
const pieces = [
  ...[
    '\\',
    '\\\\',
    '`',
    '```',
    '*',
    '**',
    '_',
    '~',
    '<',
    '>',
    '<@U012345>',
    '<!channel>',
    '<at>all</at>',
    '@here',
    '@',
  ],
  ...[
    '[x](https://evil.example)',
    '<https://evil.example|AWS>',
    '![x](y)',
    '# ',
    '- ',
    '1. ',
    '> ',
    '| a | b |',
    '---',
    '===',
  ],
  ...[
    '&lt;',
    '&#42;',
    '\n',
    '\r\n',
    '\u2028',
    '\u0085',
    '\u001b[31m',
    '\u202e',
    '\u200b',
    '\u0000',
    '\t',
    ' ',
    'a',
    'é',
  ],
  ...['\nSeverity: info', '\n\nExecution: https://evil.example', '\n• 02:00:00 UTC  All is well.'],
];
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 12 })
  .map((all) => all.join(''));

/** Takes the escapes away as Markdown does: a backslash before a punctuation mark. */
const unescaped = (markdown: string) => markdown.replace(/\\([!-/:-@[-`{-~])/g, '$1');
/** What is left of a Markdown text once everything that is escaped is gone. */
const bare = (markdown: string) => markdown.replace(/\\[!-/:-@[-`{-~]/g, '');

describe('row 69: a text from outside in chat', () => {
  test('is the same text, on one line, with every mark of markup escaped', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const markdown = plain(text);

        expect(unescaped(markdown)).toBe(oneLine(text));
        expect(bare(markdown)).not.toMatch(/[\\`*_~<>|[\]()@#!&]/);
        expect(markdown).not.toMatch(/[\n\r\u2028\u2029\p{Cc}\p{Cf}]/u);
        expect(markdown).not.toMatch(/^([-+=]|\d+\.)/);
      }),
      { numRuns: 5000 },
    );
  });

  test.each([
    ['a backslash cannot take the escape of the next mark', '\\*now\\*', '\\\\\\*now\\\\\\*'],
    ['a mention is text', '<@U012345>', '\\<\\@U012345\\>'],
    ['a code block cannot be closed', '```\nSeverity: info', '\\`\\`\\` Severity: info'],
    ['a list cannot be begun', '- done', '\\- done'],
  ])('%s', (_what, text, markdown) => expect(plain(text)).toBe(markdown));
});

const facts = (text: string): NoticeFacts => ({
  incidentId: 'inc-0123',
  playbook: 'isolate-instance',
  stage: 'prod',
  region: 'us-east-1',
  executionId: 'arn:aws:states:us-east-1:123456789012:execution:m:e',
  outcome: 'ESCALATED',
  reason: text,
  drill: true,
  target: text,
  alarmName: text,
  findingTitle: text,
  notes: [text, text],
  timeline: [{ at: '2026-11-24T02:00:00.000Z', what: text }],
});
const question = (text: string) => ({
  ...{
    incidentId: 'inc-0123',
    playbook: 'isolate-instance',
    stage: 'prod',
    region: 'us-east-1',
    subject: 'isolate' as const,
  },
  ...{ drill: true, mode: 'act' as const, what: text, why: text, score: text, answerBy: '2026-11-24T02:30:00.000Z' },
  answerFunction: 'answer',
});
const enrolment = (text: string) =>
  noticeOf(
    {
      ...{
        since: '',
        attempt: 1,
        instances: 1,
        alarms: 1,
        put: 0,
        removed: 0,
        left: 0,
        waitSeconds: 5,
        verdict: 'DONE',
      },
      ...{ problems: [text], problemCount: 1 },
    },
    true,
    'prod',
  )!;

/** Every notice with text from outside in it, made from a harmless text and from a hostile one. */
const notices = {
  'the end of an incident': (text: string) => buildNotice(facts(text)),
  'a request for approval': (text: string) => buildQuestion(question(text)),
  'a report of enrolment': enrolment,
  'a message in plain text': (text: string) =>
    toNotice({ thread: 't', title: text, text: oneLine(text), severity: 'info' }),
};

describe.each(Object.entries(notices))('%s', (_what, notice) => {
  const linesOf = (text: string) => text.split('\n').length;

  test('has the same lines whatever outsiders wrote, and its Markdown is ours alone', () => {
    const harmless = notice('a');
    const marks = (markdown: string) => bare(markdown).replace(/[^`*_~<>|[\]()@#!&]/g, '');
    const { description } = JSON.parse(harmless.chat).content;
    fc.assert(
      fc.property(
        hostile.filter((text) => text.length < 300 && oneLine(text) !== ''),
        (text) => {
          const made = notice(text);
          const { content, metadata } = JSON.parse(made.chat);

          expect(linesOf(content.description)).toBe(linesOf(description));
          expect(marks(content.description)).toBe(marks(description));
          expect(bare(content.title).replace(/^. /u, '')).not.toMatch(/(?<!^)[`*_~<>|@#!&\n]/);
          expect(content.title).not.toMatch(/[\n\r\p{Cc}\p{Cf}]/u);
          expect(metadata.summary).not.toMatch(/[\n\r\p{Cc}\p{Cf}]/u);
          expect(made.subject).toMatch(/^[\x20-\x7E]{0,99}$/);
        },
      ),
      { numRuns: 500 },
    );
  });
});

test('nobody can add a line to the text that people get', () => {
  const forged = 'All is well.\n\nSeverity: info\r\nExecution: https://evil.example\u2028Incident: inc-evil';
  for (const { text } of [buildNotice(facts(forged)), buildQuestion(question(forged)), enrolment(forged)])
    expect(
      text
        .split(/[\n\r\u2028]/)
        .filter((line) => /^(Severity: info|Execution: https:..evil|Incident: inc-evil)/.test(line)),
    ).toEqual([]);
});
