import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { packageStage } from '../../drill/packaging/package-stage';
import { account, region } from '../../drill/stack/place';
import { resolveTemplate } from '../../drill/stack/resolve';
import { concludingSteps } from '../../functions/record/closing-incident';
import { sourceOf } from '../../tools/template/actors';

interface State {
  Type: string;
  Resource?: string;
  ResultPath?: string;
  Parameters?: { FunctionName?: string };
  ItemProcessor?: { States: Record<string, State> };
}

const root = resolve(__dirname, '../..');
const textOf = (file: string) => readFileSync(file, 'utf8');
/** Types and objects that have a conclusion. */
const names = (text: string) => /\bconclusion\??[:,]|\bconclusion }/.test(text);

/** Whether a step may return a conclusion: its handler names one, or a module beside it that it calls does. */
function mayConclude(handler: string): boolean {
  const text = textOf(handler);
  const beside = [...text.matchAll(/from '(\.\/[^']+)'/g)].map(([, path]) => resolve(dirname(handler), `${path}.ts`));
  return [handler, ...beside].some((file) => existsSync(file) && names(textOf(file)));
}

/** Steps that share a module with one that concludes, and return none themselves. */
const silent = ['ask-approval', 'expire-approval', 'read-patch', 'start-patching', 'record-rejection'];
/** What is written beside the incident: it ends the run by itself, without a record to close. */
const ownEnd = ['$.incident.closing', '$.incident'];

test('every conclusion that a step can record is read by the step that closes the incident', async () => {
  const template = await packageStage('dev');
  const resources = [...resolveTemplate(template, { account, region, stackName: 'incident-playbooks-dev' }).values()];
  const handlers = new Map(
    resources
      .filter(({ type }) => type === 'AWS::Lambda::Function')
      .map((one) => [one.arn, resolve(root, sourceOf(one))] as const),
  );
  const unread: string[] = [];
  const judged: string[] = [];
  const judge = (machine: string, states: Record<string, State>): void => {
    for (const [name, state] of Object.entries(states)) {
      if (state.ItemProcessor) judge(machine, state.ItemProcessor.States);
      const arn = String(state.Parameters?.FunctionName ?? state.Resource ?? '');
      const handler = handlers.get(arn.split(':').slice(0, 7).join(':'));
      if (!handler || silent.some((one) => handler.endsWith(`/${one}.ts`)) || !mayConclude(handler)) continue;
      const { ResultPath = '$' } = state;
      if (ownEnd.includes(ResultPath)) continue;
      const step = /^\$\.incident\.(\w+)(\.conclusion)?$/.exec(ResultPath)?.[1];
      judged.push(`${machine}: ${name}`);
      if (!concludingSteps.some((one) => one === step)) unread.push(`${machine}: ${name} writes ${ResultPath}`);
    }
  };
  for (const { type, properties } of resources)
    if (type === 'AWS::StepFunctions::StateMachine')
      judge(String(properties.StateMachineName), JSON.parse(String(properties.DefinitionString)).States);

  expect(judged.length).toBeGreaterThan(20);
  expect(unread).toEqual([]);
});
