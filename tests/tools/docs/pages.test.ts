import { join } from 'node:path';
import { stopRecordStore } from '../../../drill/stack/record-store';
import { drifted, generatedDocs } from '../../../tools/docs';

const root = join(__dirname, '..', '..', '..');
let files: Map<string, string>;

beforeAll(async () => {
  files = await generatedDocs(root);
}, 900_000);
afterAll(stopRecordStore);

const page = (name: string) => files.get(`docs/playbooks/${name}.md`) ?? '';

test('the pages and pictures in docs/ are what the code says (npm run docs writes them anew)', () => {
  expect(drifted(root, files)).toEqual([]);
});

test('a page that was changed by hand, and one that is missing, count as drift', () => {
  const changed = new Map([...files, ['docs/playbooks/no-such-machine.md', '# no-such-machine\n']]);
  changed.set('docs/playbooks/restart-instance.md', `${page('restart-instance')}One more line.\n`);

  expect(drifted(root, changed)).toEqual(['docs/playbooks/restart-instance.md', 'docs/playbooks/no-such-machine.md']);
});

test('a page says what starts the machine, by rule, by schedule and by hand', () => {
  expect(page('restart-instance')).toContain('`alarmName` begins with `restart-instance-dev-`');
  expect(page('block-traffic')).toContain('`severity` is `>= 2`');
  expect(page('patrol-fleet')).toContain('on the schedule `rate(1 hour)`');
  expect(page('release-instance')).toContain('No rule starts it');
  expect(page('release-instance')).toContain('"isolatedBy":"inc-0123456789abcdef0123"');
});

test('a page shows what each role may do, and what it never may', () => {
  expect(page('restart-instance')).toMatch(/\| `ec2:StopInstances` +\| `ec2 instance\/\*`/);
  expect(page('restart-instance')).toContain('**deny** `ec2:StopInstances`');
  expect(page('restart-instance')).not.toContain('ec2:TerminateInstances');
});

test('a page shows guards, failures, the scenarios that drill it, and what was counted in one of them', () => {
  const text = page('isolate-instance');

  expect(text).toContain('`lease.verdict` is `TAKEN` or `lease.verdict` is `BEHIND` → **Ask for approval**');
  expect(text).toMatch(/\| `States.Timeout` +\| Ask for approval +\| \*\*Expire approval\*\*/);
  expect(text).toContain('| CONTAINED (green)');
  expect(page('patrol-fleet')).toContain('| SUSPECTED, OBSERVED (green), ESCALATED (red);');
  expect(page('restart-instance')).toContain('| RESOLVED (green), SKIPPED (green); StopInstances 2, StartInstances 2');
  expect(text).toMatch(/Counted in the scenario `guardduty-isolate`, which ended CONTAINED/);
  expect(text).toMatch(/\| state transitions +\| \d\d +\| \$0\.025 per 1,000/);
});

test('a step that waits for a person shows the param that says how long', () => {
  expect(page('isolate-instance')).toMatch(/^\| Ask for approval .*\| `approvalSeconds` +\|/m);
  expect(page('isolate-instance')).toMatch(/^\| Ask to revoke sessions .*\| `sessionsApprovalSeconds` +\|/m);
});

test('the page of the architecture shows the rules of imports, and the files that an alarm passes, in order', () => {
  const text = files.get('docs/architecture.md') ?? '';
  const passed = [...text.matchAll(/\[((?:resources|statemachines|functions)\/\S+\.\w+)\]/g)].map(([, file]) => file);

  expect(text).toMatch(/\| \[drill\/\]\(\.\.\/drill\/\) .* packaging and functions +\|/);
  expect(text).toContain('`pure-steps-reach-no-client`');
  expect(passed[0]).toBe('resources/alarms.yml');
  expect(passed.indexOf('functions/guard/plan-action.ts')).toBeGreaterThan(
    passed.indexOf('functions/alarm/read-alarm.ts'),
  );
  expect(passed.indexOf('functions/instance/start-instance.ts')).toBeGreaterThan(
    passed.indexOf('functions/instance/stop-instance.ts'),
  );
  expect(passed.at(-1)).toBe('functions/record/store.ts');
  expect(files.get('docs/images/architecture.svg')).toContain('stop&#45;instance.ts');
});
