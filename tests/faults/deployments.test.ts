import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageStage } from '../../drill/packaging/package-stage';
import { publishMachines } from '../../packaging/publish-machines';
import { allReferences, type Resource } from '../../packaging/references';
import { readWholeTemplate } from '../../tools/template/checks/model';
import { Account } from '../fixtures/cloudformation';

type Resources = Record<string, Resource>;
const home = 'us-east-1';
const machine = 'RestartInstanceStateMachine';

async function packaged(region: string): Promise<Resources> {
  await packageStage('dev', { region });
  const file = join(__dirname, '../../.drill/packages', `dev.${region}.json`);
  return readWholeTemplate(await readFile(file, 'utf8')).Resources as Resources;
}

/** A copy of the stack in which one resource is another. */
function changed(resources: Resources, id: string, change: (properties: Record<string, unknown>) => void): Resources {
  const copy = structuredClone(resources);
  change(copy[id]!.Properties!);
  return copy;
}
const definition = (resources: Resources, text: string) =>
  changed(resources, machine, (properties) => {
    properties.DefinitionString = text;
  });

describe('row 78: a first deployment that fails half way', () => {
  test('leaves nothing that blocks the next one, whatever fails', async () => {
    const stack = await packaged(home);
    const blocked: string[] = [];
    for (const failing of Object.keys(stack)) {
      const account = new Account();
      expect(() => account.deploy(stack, home, failing)).toThrow('Access denied');
      try {
        account.deploy(stack, home);
      } catch (error) {
        blocked.push(`after ${failing}: ${String(error)}`);
      }
    }

    expect(blocked).toEqual([]);
  });

  test('leaves no table behind', async () => {
    const stack = await packaged(home);
    const account = new Account();

    expect(() => account.deploy(stack, home, 'IncidentsDashboard')).toThrow('Access denied');
    expect([...account.things.keys()]).toEqual([]);
  });

  test('a later one that fails can be repeated, too, and keeps the table', async () => {
    const stack = await packaged(home);
    const account = new Account();
    account.deploy(stack, home);
    const next = changed(definition(stack, '{"next":true}'), 'StopInstanceLambdaFunction', (properties) => {
      properties.Description = 'changed';
    });
    const version = Object.keys(next).find((id) => id.startsWith('StopInstanceLambdaVersion'))!;
    next.StopInstanceLambdaVersionOfNext = next[version]!;
    delete next[version];

    expect(() => account.deploy(next, home, 'ReviewIncidentsStateMachineAlias')).toThrow('Access denied');
    account.deploy(next, home);

    expect([...account.things.keys()].filter((key) => key.startsWith('AWS::DynamoDB::Table'))).toHaveLength(1);
  });
});

test('a stage stands in two regions of an account, and a second deployment to each changes nothing', async () => {
  const account = new Account();
  for (const region of [home, 'ap-southeast-2']) account.deploy(await packaged(region), region);
  const before = JSON.stringify([...account.things]);

  for (const region of [home, 'ap-southeast-2']) account.deploy(await packaged(region), region);

  expect(JSON.stringify([...account.things])).toBe(before);
});

test.each(['dev', 'prod'])(
  'no release and no setting changes an IP set of %s, because that would empty it',
  async (stage) => {
    const sets = Object.values((await packageStage(stage)).Resources).filter(
      ({ Type }) => Type === 'AWS::WAFv2::IPSet',
    );
    const Tags = [
      { Key: 'Project', Value: 'incident-playbooks' },
      { Key: 'Stage', Value: stage },
    ];

    // A set that has to differ gets another logical ID and name, and the blocks are moved.
    expect(sets.map(({ Properties }) => Properties)).toEqual(
      ['IPV4', 'IPV6'].map((IPAddressVersion) => ({
        Name: `incident-playbooks-${stage}-blocked-${IPAddressVersion.toLowerCase()}`,
        Description: 'Addresses temporarily blocked by block-traffic',
        Scope: 'REGIONAL',
        IPAddressVersion,
        Addresses: [],
        Tags,
      })),
    );
  },
);

describe('versions of a machine', () => {
  const versions = (account: Account) => account.thing(home, machine).published;
  const live = (account: Account) => JSON.parse(account.thing(home, `${machine}Alias`).content).DeploymentPreference;

  test('a changed definition publishes the new revision, keeps the old version, and moves the alias', async () => {
    const stack = await packaged(home);
    const account = new Account();
    account.deploy(stack, home);
    account.deploy(definition(stack, '{"next":true}'), home);

    expect(versions(account).map(({ content }) => content)).toEqual(['INITIAL', account.thing(home, machine).revision]);
    expect(live(account).StateMachineVersionArn).toBe(versions(account)[1]?.ref);
  });

  test('a change of the template’s text alone, which makes no revision, publishes nothing and does not fail', async () => {
    const stack = await packaged(home);
    const account = new Account();
    const written = (name: string) => {
      const copy = changed(stack, machine, (properties) => {
        properties.DefinitionString = { 'Fn::Sub': [`\${${name}}`, { [name]: { Ref: 'NoticesTopic' } }] };
      });
      const isPublished = (id: string) => /StateMachine(Version|Alias)/.test(copy[id]!.Type);
      for (const id of Object.keys(copy).filter(isPublished)) delete copy[id];
      publishMachines(copy);
      return copy;
    };
    account.deploy(written('topic'), home);
    account.deploy(written('notices'), home);

    expect(versions(account)).toHaveLength(1);
  });

  test('after a deployment that failed, the next one publishes its own revision', async () => {
    const stack = await packaged(home);
    const account = new Account();
    account.deploy(stack, home);
    const next = definition(stack, '{"next":true}');

    expect(() => account.deploy(next, home, 'ReviewIncidentsStateMachineAlias')).toThrow('Access denied');
    account.deploy(next, home);

    const { revision } = account.thing(home, machine);
    expect(versions(account).at(-1)?.content).toBe(revision);
    expect(live(account).StateMachineVersionArn).toBe(versions(account).at(-1)?.ref);
  });

  test('going back to an earlier definition publishes it anew', async () => {
    const stack = await packaged(home);
    const account = new Account();
    account.deploy(stack, home);
    account.deploy(definition(stack, '{"next":true}'), home);
    account.deploy(stack, home);

    expect(versions(account)).toHaveLength(3);
    expect(live(account).StateMachineVersionArn).toBe(versions(account)[2]?.ref);
  });

  test('the alias moves after everything that does not wait for it', async () => {
    const stack = await packaged(home);
    const waits = allReferences(stack);
    const isAlias = (id: string) => stack[id]?.Type === 'AWS::StepFunctions::StateMachineAlias';
    const isFirst = (id: string) => {
      const { Type, Condition } = stack[id]!;
      return !isAlias(id) && Type !== 'AWS::Lambda::Version' && !Condition && ![...waits.get(id)!].some(isAlias);
    };
    const first = Object.keys(stack).filter(isFirst);

    expect(first.length).toBeGreaterThan(250);
    for (const id of Object.keys(stack).filter(isAlias)) {
      expect(first.filter((other) => !waits.get(id)!.has(other))).toEqual([]);
    }
  });
});
