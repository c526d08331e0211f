import { DescribeRuleCommand, ListTargetsByRuleCommand, type Target } from '@aws-sdk/client-eventbridge';
import { isBehind, liveWords, nameOf } from '../../packaging/released';
import { ask, orNothing } from '../doctor/ask';
import { arnIn } from '../doctor/check';
import { type Answer, fail, ok, some } from '../doctor/line';
import { rulesOf } from '../doctor/project';
import { readMachines } from '../doctor/stage';
import type { Smoke, SmokeCheck } from './frame';

export const deployAgain = ({ stage, place }: Smoke): string =>
  `npx serverless deploy --stage ${stage} --region ${place.region}`;

async function askAliases(smoke: Smoke): Promise<Answer> {
  const machines = await readMachines(smoke);
  const missing = machines.flatMap(([name, found]) => (found && found.live.length > 0 ? [] : [name]));
  if (missing.length > 0) return fail(`rules can start no version of ${some(missing)}`, deployAgain(smoke));
  const behind = machines.flatMap(([, found]) => (found && isBehind(found) ? [found] : []));
  if (behind.length === 0) return ok(`${machines.length} machines start their newest version`);
  const said = some(behind.map((one) => `${nameOf(one)} starts ${liveWords(one)}, not ${one.versions[0]!.number}`));
  return fail(said, `what was deployed last is not what runs: npm run releases -- --stage ${smoke.stage} --to newest`);
}

async function targetsOf({ clients: { events } }: Smoke, Rule: string): Promise<Target[] | undefined> {
  const found = await orNothing(
    /ResourceNotFound/,
    ask('events:ListTargetsByRule', () => events.send(new ListTargetsByRuleCommand({ Rule }))),
  );
  return found?.Targets ?? (found ? [] : undefined);
}

/** What is wrong with the way from a rule to its target, if anything. */
function whyBroken(smoke: Smoke, targets: Target[] | undefined): string | undefined {
  if (!targets) return 'does not exist';
  if (targets.length === 0) return 'has no target';
  const queue = arnIn(smoke, 'sqs', '*-dead-letters');
  for (const { Arn = '', RoleArn, DeadLetterConfig } of targets) {
    const isMachine = Arn.includes(':stateMachine:');
    if (isMachine && !Arn.endsWith(':live')) return `starts ${Arn}, not its alias live`;
    // A machine is started with the rule's role; a function by its own policy. Source: EventBridge API reference, PutTargets.
    if (isMachine && !RoleArn) return 'has no role, so it may start nothing';
    if (DeadLetterConfig?.Arn !== queue) return 'leaves what it cannot deliver in no dead-letter queue';
  }
  return undefined;
}

async function askRules(smoke: Smoke): Promise<Answer> {
  const names = rulesOf(smoke.stage);
  const broken: string[] = [];
  for (const name of names) {
    const why = whyBroken(smoke, await targetsOf(smoke, name));
    if (why) broken.push(`${name} ${why}`);
  }
  if (broken.length > 0) return fail(some(broken, 3), deployAgain(smoke));
  return ok(`${names.length} rules have a target, a role where one is needed, and the dead-letter queue`);
}

/** The pattern of a rule, and whether it is on; undefined where there is no rule. */
export async function readRule({ clients: { events } }: Smoke, Name: string) {
  const rule = await orNothing(
    /ResourceNotFound/,
    ask('events:DescribeRule', () => events.send(new DescribeRuleCommand({ Name }))),
  );
  return rule && { isOn: rule.State !== 'DISABLED', pattern: JSON.parse(rule.EventPattern ?? 'null') as unknown };
}

const check = (id: string, what: string, asking: (smoke: Smoke) => Promise<Answer>): SmokeCheck => ({
  id,
  what,
  ask: async (smoke) => [{ id, what, ...(await asking(smoke)) }],
});

/** What can be seen of the wiring without setting anything in motion. */
export const wiringChecks: SmokeCheck[] = [check('aliases', 'aliases', askAliases), check('rules', 'rules', askRules)];
