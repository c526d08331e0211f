import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main, reviewOf } from '../../cli/review';
import { table } from '../../functions/shared/clients/dynamodb';
import { record } from '../review/records';

test('records out of a file are reviewed up to the newest of them', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'review-')), 'records.json');
  writeFileSync(file, JSON.stringify([record(), record()]));
  const { review: found } = await reviewOf({ stage: 'dev', records: file, days: 28, out: 'review.html' }, new Date());

  expect(found.figures.incidents).toBe(2);
  expect(found.until).toBe('2026-11-02T10:00:00.001Z');
});

describe('the command', () => {
  let said = '';
  beforeEach(() => {
    said = '';
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      said += String(text);
      return true;
    });
  });
  afterEach(() => jest.restoreAllMocks());

  test.each([
    ['days that are none', ['--days', 'some'], /--days <n>.*whole number of days from 1 to 400/],
    ['a file that is not there', ['--records', 'nowhere.json'], /nowhere\.json/],
  ])('%s: exit code 2, and what is wrong in a line', async (_what, argv, message) => {
    expect(await main(argv)).toBe(2);
    expect(said.trim()).toMatch(message);
    expect(said).not.toMatch(/\n\s+at /);
  });

  test('an instant that is none is refused', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'review-')), 'records.json');
    writeFileSync(file, JSON.stringify([record()]));

    expect(await main(['--records', file, '--until', 'May'])).toBe(2);
    expect(said).toMatch(/--until <instant>.*'May' is invalid\. it is not a time like 2026-03-02T09:00:00Z\n$/);
  });

  test('a stage that cannot be read is named, with what AWS says', async () => {
    const unreadable = Object.assign(new Error('no such table'), { name: 'ResourceNotFoundException' });
    jest.spyOn(table, 'send').mockRejectedValue(unreadable as never);

    expect(await main(['--stage', 'nowhere'])).toBe(2);
    expect(said).toMatch(/^Stage nowhere could not be read from incident-playbooks-nowhere-incidents: not found/);
  });
});
