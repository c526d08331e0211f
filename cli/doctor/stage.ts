import { ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { killSwitchKey } from '../../functions/guard/kill-switch-key';
import { readItem } from '../../functions/shared/clients/table';
import { isBehind, liveWords, nameOf, type Released, readReleased } from '../../packaging/released';
import { tableOf } from '../incidents/records';
import { ask, orNothing } from './ask';
import { arnIn, type Check, type Subject } from './check';
import { fail, notAsked, ok, some, warn } from './line';
import { machinesOf, rulesOf } from './project';

const deployAgain = ({ stage, place }: Subject) => `npx serverless deploy --stage ${stage} --region ${place.region}`;

const mode: Check = {
  id: 'mode',
  what: 'mode',
  isOfStage: true,
  ask: async ({ settings }) =>
    settings
      ? ok(settings.MODE === 'act' ? 'act: it makes changes' : 'observe: it changes nothing')
      : notAsked('the settings of the functions could not be read', 'allow lambda:GetFunctionConfiguration'),
};

/** The machines of the stage that are there; undefined where one is not. */
export async function readMachines(subject: Subject): Promise<[name: string, found: Released | undefined][]> {
  const found: [string, Released | undefined][] = [];
  for (const name of machinesOf(subject.stage)) {
    const arn = arnIn(subject, 'states', `stateMachine:${name}`);
    const asking = ask('states:ListStateMachineVersions, states:DescribeStateMachineAlias', () =>
      readReleased(subject.clients.sfn, arn),
    );
    found.push([name, await orNothing(/StateMachineDoesNotExist|ResourceNotFound/, asking)]);
  }
  return found;
}

const alias: Check = {
  id: 'alias',
  what: 'alias live',
  isOfStage: true,
  ask: async (subject) => {
    const machines = await readMachines(subject);
    const missing = machines.flatMap(([name, found]) => (found && found.live.length > 0 ? [] : [name]));
    if (missing.length > 0)
      return fail(`rules and people can start no version of ${some(missing)}`, deployAgain(subject));
    const behind = machines.flatMap(([, found]) => (found && isBehind(found) ? [found] : []));
    if (behind.length > 0) {
      const said = some(behind.map((one) => `${nameOf(one)} starts ${liveWords(one)}, not ${one.versions[0]!.number}`));
      return warn(said, `if nobody moved it back on purpose: npm run releases -- --stage ${subject.stage} --to newest`);
    }
    return ok(`${machines.length} machines start their newest version`);
  },
};

const rules: Check = {
  id: 'rules',
  what: 'rules',
  isOfStage: true,
  ask: async (subject) => {
    const { stage, clients } = subject;
    const states = new Map<string, string>();
    let NextToken: string | undefined;
    do {
      const input = { NamePrefix: `incident-playbooks-${stage}-`, ...(NextToken ? { NextToken } : {}) };
      const page = await ask('events:ListRules', () => clients.events.send(new ListRulesCommand(input)));
      for (const { Name = '', State = '' } of page.Rules ?? []) states.set(Name, State);
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    const expected = rulesOf(stage);
    const missing = expected.filter((name) => !states.has(name));
    if (missing.length > 0) return fail(`missing: ${some(missing)}`, deployAgain(subject));
    // ENABLED, or a state of AWS's own that is enabled too.
    const off = expected.filter((name) => states.get(name) === 'DISABLED');
    if (off.length > 0) return fail(`disabled: ${some(off)}`, `aws events enable-rule --name ${off[0]}`);
    return ok(`${expected.length} rules are enabled`);
  },
};

/** How many messages are in the queue of what could not be delivered; undefined where there is no queue. */
export async function countDeadLetters({ stage, clients }: Subject): Promise<number | undefined> {
  const QueueName = `incident-playbooks-${stage}-dead-letters`;
  const queue = await orNothing(
    /QueueDoesNotExist|NonExistentQueue/,
    ask('sqs:GetQueueUrl', () => clients.sqs.send(new GetQueueUrlCommand({ QueueName }))),
  );
  if (!queue) return undefined;
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { Attributes = {} } = await ask('sqs:GetQueueAttributes', () =>
    clients.sqs.send(new GetQueueAttributesCommand({ QueueUrl: queue.QueueUrl, AttributeNames: [...names] })),
  );
  return names.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
}

/** The command that shows what is in the queue, and takes nothing out of it. */
export const readLetters = ({ stage }: Pick<Subject, 'stage'>): string =>
  `aws sqs receive-message --visibility-timeout 0 --max-number-of-messages 10 --message-attribute-names All --queue-url "$(aws sqs get-queue-url --queue-name incident-playbooks-${stage}-dead-letters --query QueueUrl --output text)"`;

const deadLetters: Check = {
  id: 'dead-letters',
  what: 'dead-letter queue',
  isOfStage: true,
  ask: async (subject) => {
    const count = await countDeadLetters(subject);
    if (count === undefined) return fail('there is no queue', deployAgain(subject));
    if (count > 0)
      return fail(
        `${count} ${count === 1 ? 'event' : 'events'} could not be delivered`,
        `read why (attribute ERROR_MESSAGE): ${readLetters(subject)}`,
      );
    return ok('empty');
  },
};

const killSwitch: Check = {
  id: 'kill-switch',
  what: 'kill switch',
  isOfStage: true,
  ask: async ({ stage }) => {
    const item = await ask('dynamodb:GetItem', () => readItem(killSwitchKey, { TABLE_NAME: tableOf(stage) }));
    if (item?.on !== true) return ok('off');
    return warn(
      `on since ${item.at} (${item.by}: ${item.reason})`,
      `npm run kill-switch -- --stage ${stage} --off --reason "…"`,
    );
  },
};

export const stageChecks: Check[] = [mode, alias, rules, deadLetters, killSwitch];
