import { renderMarkdown } from '../../../drill/report/markdown';
import { execution, hostile, reportInput } from '../../fixtures/report';

test('begins with name, outcome and reason, and has path, changes and record', () => {
  const text = renderMarkdown(reportInput());

  expect(text).toMatch(/^# cpu-high: RESOLVED\n\nThe alarm is OK again\.\n/);
  expect(text).toContain('| 09:00:00 | Stop instance | 400 ms |  |');
  expect(text).toContain('Watch stop × 2');
  expect(text).toContain('`ec2:StopInstances` | `i-0123456789abcdef0`');
  expect(text).toContain('- 09:00:00 Asked EC2 to stop the instance.');
});

test('names every check that failed', () => {
  const text = renderMarkdown(
    reportInput({ ok: false, checks: [{ what: 'notices', ok: false, expected: '1', actual: '0' }] }),
  );

  expect(text).toContain('**1 of 1 check failed:**');
  expect(text).toContain('- notices: expected 1, got 0');
});

test('what outsiders wrote is neither Markdown nor HTML', () => {
  const text = renderMarkdown(reportInput({ name: hostile, executions: [execution({ machine: hostile })] }));

  expect(text).not.toMatch(/(?<!\\)<(img|script)/);
  expect(text).not.toMatch(/(?<!\\)\]\(javascript/);
  expect(text.split('\n')[0]).toMatch(/^# .*RESOLVED$/);
});
