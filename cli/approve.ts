import { GetFunctionUrlConfigCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { asCommand, endingWithTwo } from '../drill/command-line';
import { shown } from '../drill/render/shown';
import { questionIdSchema, subjectSchema } from '../functions/approval/approval';
import { asIncident, asStage } from './arguments';
import { askStage, StageCallError } from './ask-stage';
import { type Answered, signedPost } from './signed-post';

interface Options {
  stage: string;
  yes?: boolean;
  no?: boolean;
  subject?: string;
  question?: string;
}

/** The stage's function that accepts answers. */
export const answerFunction = (stage: string) => `incident-playbooks-${stage}-answer-approval`;

/** The body of the request. Who answers is not in it: IAM says so. */
export function answerOf(incidentId: string, { yes, subject, question }: Options): Record<string, unknown> {
  const named = { ...(question ? { questionId: question } : {}), ...(subject ? { subject } : {}) };
  return { incidentId, answer: yes ? 'yes' : 'no', ...named };
}

/** @throws InvalidArgumentError for what is no id of a question */
function asQuestion(text: string): string {
  if (questionIdSchema.safeParse(text).success) return text;
  throw new InvalidArgumentError('The id of a question is expected, for example q-0123456789ab.');
}

const program = endingWithTwo(new Command('approve'))
  .description("Answers an incident's request for approval. A single no ends it; no answer means no.")
  .argument('<incident>', 'ID of the incident, for example inc-0123456789abcdef0123', asIncident)
  .requiredOption('--stage <stage>', 'the stage, for example prod', asStage)
  .option('--yes', 'approve')
  .option('--no', 'deny')
  .addOption(
    new Option('--question <id>', "the question's id, as its notice says, for example q-0123456789ab").argParser(
      asQuestion,
    ),
  )
  .addOption(
    new Option('--subject <subject>', 'what to answer; the only request of the incident by default').choices([
      ...subjectSchema.options,
    ]),
  );

async function main(): Promise<void> {
  const wantsYes = process.argv.includes('--yes');
  const wantsNo = process.argv.includes('--no');
  program.parse();
  const options = { ...program.opts<Options>(), yes: wantsYes, no: wantsNo };
  if (wantsYes === wantsNo) program.error('pass either --yes or --no', { exitCode: 2 });
  const ask = () => post(options.stage, answerOf(program.args[0]!, options));
  const { status, body } = await askStage(`Nothing was answered in ${options.stage}`, ask);
  const said = saidIn(body);
  if (status !== 200) program.error(shown(refusalOf(status, said)), { exitCode: 1 });
  console.log(shown(`${said.answeredBy} answered ${said.answer} (${said.subject}) to ${said.incidentId}.`));
  if (Number(said.missing) > 0) console.log(`More people have to say yes: ${said.missing}.`);
}

async function post(stage: string, answer: Record<string, unknown>): Promise<Answered> {
  const lambda = new LambdaClient({});
  const { FunctionUrl } = await lambda.send(new GetFunctionUrlConfigCommand({ FunctionName: answerFunction(stage) }));
  if (!FunctionUrl) throw new StageCallError(`The function ${answerFunction(stage)} has no URL.`);
  return signedPost(FunctionUrl, answer, lambda);
}

const saidSchema = z.record(z.string(), z.unknown());

/** The fields of a response; none if it is no JSON object, as when Lambda itself refuses or the function fails. */
function saidIn(body: string): Record<string, unknown> {
  try {
    return saidSchema.parse(JSON.parse(body));
  } catch {
    return {};
  }
}

function refusalOf(status: number, { errorType, errorMessage, Message }: Record<string, unknown>): string {
  if (errorType !== undefined) return `${errorType}: ${errorMessage}`;
  if (status === 403)
    return `Lambda refused the request (${Message ?? 'Forbidden'}): answering takes the policy in the stack output ApproversPolicyArn.`;
  return `The answer was not accepted (HTTP status ${status}): repeat it; the function's log says why.`;
}

if (require.main === module) void asCommand(main);
