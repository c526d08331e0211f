import { codeTable } from '../../functions/record/codes';
import { commandFor } from '../../functions/record/commands';
import { textOf } from '../../tools/docs/pages';

const facts = {
  incidentId: 'inc-0123456789abcdef0123',
  stage: 'prod',
  region: 'us-east-1',
  executionId: 'arn:aws:states:us-east-1:123456789012:execution:m:e',
  instanceId: 'i-0123456789abcdef0',
};
const page = textOf('docs/codes.md');
const codes = [...codeTable().keys()];

test.each(codes)('%s has a section, to which its notices lead, that says what to do', (code) => {
  const section = page.split(`\n## ${code}\n\n`)[1]?.split('\n## ')[0] ?? '';

  expect(section).toMatch(/^\[?[A-Z].*\.\n/);
  expect(section).toContain('Reported by ');
});

test.each(codes)('%s has a command that can be copied as it is', (code) => {
  for (const known of [facts, { ...facts, instanceId: undefined, executionId: 'finding' }])
    expect(commandFor(code, known)).toMatch(/^(aws \w+|npm run) [^{}]*$/);
});

test('what is not known is never left out of a command: the incident is shown instead', () => {
  expect(commandFor('stop-hangs', facts)).toBe(
    'aws ec2 stop-instances --force --instance-ids i-0123456789abcdef0 --region us-east-1',
  );
  expect(commandFor('stop-hangs', { ...facts, instanceId: undefined })).toBe(
    'npm run incidents -- inc-0123456789abcdef0123 --stage prod',
  );
});
