import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runtimeRows } from '../../../drill/cloud/behaviour/runtime';
import { behaviour, passing } from '../../../drill/cloud/behaviour/table';
import { packageStage } from '../../../drill/packaging/package-stage';
import { account, region } from '../../../drill/stack/place';
import { resolveTemplate } from '../../../drill/stack/resolve';
import type { StackResource } from '../../../drill/stack/template';
import { errorFor } from '../../../functions/shared/aws-errors';
import { actionOf } from '../../../tools/template/actions';
import { sourceOf } from '../../../tools/template/actors';
import { findSdkCommands } from '../../../tools/template/sdk-commands';

interface State {
  Type: string;
  Resource?: string;
  Parameters?: { FunctionName?: string };
  Retry?: { ErrorEquals: string[] }[];
  ItemProcessor?: { States: Record<string, State> };
}

let resources: StackResource[];
/** What each function calls, by its ARN: actions as IAM has them. */
const calls = new Map<string, string[]>();

beforeAll(async () => {
  const template = await packageStage('dev');
  resources = [...resolveTemplate(template, { account, region, stackName: 'incident-playbooks-dev' }).values()];
  const functions = resources.filter(({ type }) => type === 'AWS::Lambda::Function');
  const uses = await findSdkCommands(functions.map(sourceOf));
  for (const one of functions) calls.set(one.arn, uses.get(sourceOf(one))!.commands.map(actionOf));
});

/** The tasks of every machine that invoke a function, with the errors that they retry. */
function* tasks(): Generator<{ name: string; functionArn: string; retried: string[] }> {
  for (const { type, properties } of resources) {
    if (type !== 'AWS::StepFunctions::StateMachine') continue;
    yield* tasksIn(JSON.parse(String(properties.DefinitionString)).States, String(properties.StateMachineName));
  }
}

function* tasksIn(states: Record<string, State>, machine: string): ReturnType<typeof tasks> {
  for (const [name, state] of Object.entries(states)) {
    if (state.ItemProcessor) yield* tasksIn(state.ItemProcessor.States, machine);
    const arn = String(state.Parameters?.FunctionName ?? state.Resource ?? '');
    if (state.Type !== 'Task' || !arn.includes(':function:')) continue;
    const retried = (state.Retry ?? []).flatMap(({ ErrorEquals }) => ErrorEquals);
    yield { name: `${machine}: ${name}`, functionArn: arn.split(':').slice(0, 7).join(':'), retried };
  }
}

test('every operation that a function calls has one row, and no row is of one that none calls', () => {
  const called = [...new Set([...calls.values()].flat())].sort();
  const rows = behaviour.flatMap(({ operations }) => operations);

  expect([...rows].sort()).toEqual(called);
});

test('every row names the document that it rests on', () => {
  for (const { source } of [...behaviour, ...runtimeRows]) expect(source.length).toBeGreaterThan(10);
});

test.each(runtimeRows.map(({ what, shownBy }) => [what, ...shownBy] as const))(
  'the simulated cloud behaves as the table says: %s',
  (_what, file, title) => {
    const text = readFileSync(join(__dirname, '../../..', file), 'utf8');
    const begins = [`('${title}`, `("${title}`].flatMap((start) => text.replace(/\(\s+/g, '(').split(start).slice(1));

    expect(begins).toHaveLength(1);
  },
);

test('a rejection that passes has a name by which it can be retried', () => {
  const unnamed = passing.filter(({ code }) => errorFor(code).name === 'AwsCallError');

  expect(unnamed).toEqual([]);
});

test('every state that may meet a rejection that passes retries it', () => {
  // What changed is a help for people: an incident does not wait for it, and says that it is not known.
  const waiting = [...tasks()].filter(({ name }) => !/: Look up (changes|activity)$/.test(name));
  const missed = waiting.flatMap(({ name, functionArn, retried }) =>
    passing
      .filter(({ operation }) => calls.get(functionArn)?.includes(operation))
      // The client itself has made such a call again, seconds apart, before the state hears of it.
      .filter(({ code }) => code !== 'InvalidInstanceID.NotFound')
      .filter(({ code }) => !retried.includes(errorFor(code).name))
      .map(({ operation, code }) => `${name} gives up at ${code} of ${operation}`),
  );

  expect(missed).toEqual([]);
});

test('one that does not pass is retried by no state, but where an instance that we stopped is to be started', () => {
  const retried = [...tasks()].flatMap(({ name, functionArn, retried: errors }) =>
    behaviour
      .filter(({ operations }) => operations.some((one) => calls.get(functionArn)?.includes(one)))
      .flatMap(({ stands = [] }) => stands)
      .filter((code) => errors.includes(errorFor(code).name))
      .map((code) => `${name} retries ${code}`),
  );

  expect(retried.filter((one) => !/Start instance retries/.test(one))).toEqual([]);
});
