import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { packageStage } from '../../drill/packaging/package-stage';
import { account, region } from '../../drill/stack/place';
import { resolveTemplate } from '../../drill/stack/resolve';
import { readMachines } from '../../packaging/read-machines';
import { type Difference, differencesOf } from '../fixtures/differences';

interface Machine {
  StartAt: string;
  States: Record<string, unknown>;
}
type Machines = Record<string, Machine>;
type Explained = Partial<Difference> & { at: string };

const root = join(__dirname, '..', '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const readFixture = (file: string) => parse(read(`tests/fixtures/machines/${file}`), { maxAliasCount: -1 });
const before: Machines = readFixture('before-the-frame.yml');
const reasons: Record<string, Explained[]> = readFixture('differences.yml');

/** The machines that would be deployed, with functions by their names. */
async function packagedMachines(): Promise<Machines> {
  const place = { account, region, stackName: 'incident-playbooks-dev' };
  const resources = [...resolveTemplate(await packageStage('dev'), place).values()];
  const machines = resources.filter(({ type }) => type === 'AWS::StepFunctions::StateMachine');
  const functionArn = /arn:aws:lambda:[^"]*:function:incident-playbooks-dev-([\w-]+):\d+/g;
  return Object.fromEntries(
    machines.map(({ properties }) => [
      String(properties.StateMachineName).replace('incident-playbooks-dev-', ''),
      JSON.parse(String(properties.DefinitionString).replace(functionArn, '$1')),
    ]),
  );
}

const patternOf = (at: string) =>
  new RegExp(
    `^${at
      .split(/(\*\*|\*)/)
      .map((part) => ({ '**': '.*', '*': '[^/]*' })[part] ?? part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join('')}$`,
  );

/** Whether a listed change is this one: where it says what was or what is, that has to fit too; null is nothing. */
const explains = (change: Explained, difference: Difference) =>
  patternOf(change.at).test(difference.at) &&
  (['before', 'after'] as const).every((side) => !(side in change) || change[side] === (difference[side] ?? null));

describe('the packaged machines, beside those before the frame', () => {
  const changes = Object.values(reasons).flat();

  test('differ only where the changelog says so, and everything that is listed is still true', async () => {
    const differences = differencesOf(before, await packagedMachines());

    expect(differences.filter((one) => !changes.some((change) => explains(change, one)))).toEqual([]);
    expect(changes.filter((change) => !differences.some((one) => explains(change, one)))).toEqual([]);
  });

  test.each(Object.keys(reasons))('the changelog has: %s', (words) => {
    expect(read('CHANGELOG.md').replace(/\s+/g, ' ')).toContain(words);
  });

  test('have their states in the order of before, which pages and the console show', async () => {
    for (const [name, machine] of Object.entries(await packagedMachines())) {
      const order = Object.keys(before[name]?.States ?? {});
      const kept = Object.keys(machine.States).filter((state) => order.includes(state));
      expect(kept).toEqual(order.filter((state) => kept.includes(state)));
    }
  });

  test('are those that pages, pictures and reports read', async () => {
    const packaged = await packagedMachines();

    for (const [name, { States }] of readMachines(root)) {
      expect(Object.keys(States)).toEqual(Object.keys(packaged[name]?.States ?? {}));
    }
  });
});
