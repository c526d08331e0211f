import * as cloudTrail from '@aws-sdk/client-cloudtrail';
import * as cloudWatch from '@aws-sdk/client-cloudwatch';
import * as ec2 from '@aws-sdk/client-ec2';
import * as stepFunctions from '@aws-sdk/client-sfn';
import * as ssm from '@aws-sdk/client-ssm';
import { codeTable } from '../../functions/record/codes';
import { commandOf } from '../../functions/record/commands';
import { textOf } from '../../tools/docs/pages';

const page = textOf('docs/notices.md');
const scripts = Object.keys(JSON.parse(textOf('package.json')).scripts);
const rows = page
  .split('## Every text')[1]!
  .split('\n')
  .filter((line) => /^\| (PAGE|LOOK|INFO|\[DRILL\])/.test(line))
  .map((line) => line.split(/(?<!\\)\|/).slice(1, -1))
  .map(([subject = '', text = '', todo = '']) => ({ subject: subject.trim(), text: text.trim(), todo: todo.trim() }));
const red = rows.filter(({ subject }) => /^(\[DRILL\] )?(PAGE|LOOK) /.test(subject));

const clients: Record<string, object> = {
  ...{ cloudtrail: cloudTrail, cloudwatch: cloudWatch, ec2, stepfunctions: stepFunctions, ssm },
};
const pascal = (words: string) => words.replace(/(?:^|-)(\w)/g, (_whole, letter: string) => letter.toUpperCase());
/** Whether the AWS CLI has an operation: it names them, and its waiters, as the SDK does. */
function exists(command: string): boolean {
  const [, script] = /^npm run ([\w:-]+) -- /.exec(command) ?? [];
  if (script) return scripts.includes(script);
  const [, service = '', operation = '', waiter = ''] = /^aws (\w+) ([\w-]+)(?: ([\w-]+))?/.exec(command) ?? [];
  const name = operation === 'wait' ? `waitUntil${pascal(waiter)}` : `${pascal(operation)}Command`;
  return name in (clients[service] ?? {});
}

test('a command that does not exist is told from one that does', () => {
  expect(
    ['aws ec2 stop-instances --x', 'aws ec2 wait instance-stopped --x', 'npm run status -- x'].map(exists),
  ).toEqual([...[true, true, true]]);
  expect(['aws ec2 stop-instance --x', 'aws ec3 stop-instances', 'npm run nothing -- x'].map(exists)).toEqual([
    ...[false, false, false],
  ]);
});

test.each(red)('$subject says what to do, with a command that exists', ({ todo }) => {
  const [words = '', code = ''] = todo.split('<br>');

  expect(words).toMatch(/^[A-Z].*\.$/);
  expect(code).toMatch(/^`(aws|npm run) .*`$/);
  expect(
    code
      .slice(1, -1)
      .split(/ && |"?\$\(/)
      .filter((command) => !exists(command)),
  ).toEqual([]);
});

test('every code has a command that exists', () => {
  const missing = [...codeTable().keys()].filter((code) => !commandOf(code).split(' && ').every(exists));

  expect(missing).toEqual([]);
});

test('the texts are read by people: no (s), nothing undefined, and every one a sentence', () => {
  expect(red.length).toBeGreaterThan(20);
  expect(page).not.toMatch(/\(s\)|undefined|\bNaN\b|\[object/);
  expect(
    rows.filter(({ text }) => !/^(eni-|[^a-z]).*[.?!:)]$/s.test(text)).map(({ text }) => text.slice(0, 80)),
  ).toEqual([]);
});
