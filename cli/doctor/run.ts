import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { readLive, type StageSettings } from '../../drill/stage/machine';
import { whyNot } from '../../drill/stage/why';
import { StageParamError, type StageParams } from '../../packaging/stages';
import { accountChecks } from './account';
import { ask, orNothing, unanswered } from './ask';
import { arnIn, type Check, type Place, type Subject } from './check';
import type { AccountClients } from './clients';
import { fleetChecks } from './fleet/checks';
import { type Answer, fail, type Line, notAsked, ok, warn } from './line';
import { logGroups } from './log-groups';
import { paramsOf } from './project';
import { stageChecks } from './stage';
import { toldChecks } from './told';

/** A report of a stage, before or after it is deployed. */
export interface Doctor {
  stage: string;
  /** ISO 8601. */
  at: string;
  lines: Line[];
}

/**
 * Asks everything about a stage; changes nothing. Without region or credentials there is that one line alone.
 * @param paramsOfStage the params that the stage would be deployed with
 */
export async function examine(
  stage: string,
  clients: AccountClients,
  now: Date,
  paramsOfStage: (stage: string) => StageParams = paramsOf,
): Promise<Doctor> {
  const lines: Line[] = [];
  const report = { stage, at: now.toISOString(), lines };
  const { place, line } = await whoAsks(clients);
  lines.push(line);
  if (!place) return report;
  lines.push(regionLine(place, stage));
  const { params, line: paramLine } = readParams(() => paramsOfStage(stage));
  lines.push(paramLine);
  const subject: Subject = { stage, clients, place, now, params };
  const deployed = await readDeployed(subject);
  lines.push({ id: 'deployed', what: 'deployed', ...deployed.answer });
  for (const check of [...accountChecks, logGroups, ...stageChecks, ...toldChecks, ...fleetChecks])
    lines.push(await lineOf(check, { ...subject, settings: deployed.settings }, deployed.isThere));
  return report;
}

/** One check's line. */
export async function lineOf(check: Check, subject: Subject, isDeployed = true): Promise<Line> {
  const { id, what, isOfStage, ask: question } = check;
  if (isOfStage && !isDeployed)
    return { id, what, ...notAsked('the stage is not deployed', 'deploy it, then run the command again') };
  try {
    return { id, what, ...(await question(subject)) };
  } catch (error) {
    return { id, what, ...unanswered(error) };
  }
}

/** Who asks, and where; without that nothing else can be asked. */
export async function whoAsks({ sts }: Pick<AccountClients, 'sts'>): Promise<{ place?: Place; line: Line }> {
  const as = (answer: Answer): Line => ({ id: 'credentials', what: 'credentials', ...answer });
  try {
    const region = await sts.config.region();
    const { Arn: caller = '', Account: account = '' } = await sts.send(new GetCallerIdentityCommand({}));
    const [, partition = 'aws'] = caller.split(':');
    return { place: { account, region, partition, caller }, line: as(ok(caller)) };
  } catch (error) {
    const [said = '', ...todo] = whyNot(error).split(': ');
    return { line: as(fail(said, todo.join(': ') || 'look at the error')) };
  }
}

/** serverless.yml deploys to us-east-1 unless told otherwise; every other command asks where AWS_REGION says. */
function regionLine({ region, account }: Place, stage: string): Line {
  const said = `${region}, account ${account}`;
  const answer =
    region === 'us-east-1'
      ? ok(said)
      : ok(`${said}; deploy with: npx serverless deploy --stage ${stage} --region ${region}`);
  return { id: 'region', what: 'region', ...answer };
}

function readParams(read: () => StageParams): { params?: StageParams; line: Line } {
  const line = { id: 'params', what: 'stage params' };
  try {
    const params = read();
    return { params, line: { ...line, ...ok(`resources/stages.yml is valid; mode ${params.mode}`) } };
  } catch (error) {
    if (!(error instanceof StageParamError)) throw error;
    return { line: { ...line, ...fail(error.message.replace(/\s*\n\s*/g, ' '), 'fix resources/stages.yml') } };
  }
}

interface Deployed {
  isThere: boolean;
  settings?: StageSettings | undefined;
  answer: Answer;
}

/** Whether the stage's first machine is there, and with which settings its functions run. */
async function readDeployed(subject: Subject): Promise<Deployed> {
  const { stage, place, clients } = subject;
  const machineArn = arnIn(subject, 'states', 'stateMachine:*-restart-instance');
  try {
    const live = await orNothing(
      /ResourceNotFound$|StateMachineDoesNotExist/,
      ask('states:DescribeStateMachineAlias, states:DescribeStateMachine, lambda:GetFunctionConfiguration', () =>
        readLive(clients, machineArn),
      ),
    );
    if (live) return { isThere: true, settings: live.settings, answer: ok(`in ${place.region}`) };
    const todo = `npx serverless deploy --stage ${stage} --region ${place.region}`;
    return { isThere: false, answer: warn(`not in ${place.region} of account ${place.account}`, todo) };
  } catch (error) {
    // Unknown is not undeployed: the other checks ask for themselves.
    return { isThere: true, answer: unanswered(error) };
  }
}
