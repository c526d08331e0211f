import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { Command, InvalidArgumentError, Option } from 'commander';
import { asCommand, endingWithTwo } from '../drill/command-line';
import { questionIdSchema, subjectSchema } from '../functions/approval/approval';
import { askStage } from './ask-stage';

interface Options {
  stage: string;
  yes?: boolean;
  no?: boolean;
  subject?: string;
  question?: string;
}

/** The stage's function that accepts answers. */
export const answerFunction = (stage: string) => `incident-playbooks-${stage}-answer-approval`;

/** The function's input: the caller's ARN says who answers. */
export function answerOf(
  incidentId: string,
  { yes, subject, question }: Options,
  callerArn: string,
): Record<string, unknown> {
  const named = { ...(question ? { questionId: question } : {}), ...(subject ? { subject } : {}) };
  return { incidentId, answer: yes ? 'yes' : 'no', answeredBy: callerArn, ...named };
}

/** @throws InvalidArgumentError for what is no id of a question */
function asQuestion(text: string): string {
  if (questionIdSchema.safeParse(text).success) return text;
  throw new InvalidArgumentError('The id of a question is expected, for example q-0123456789ab.');
}

const program = endingWithTwo(new Command('approve'))
  .description("Answers an incident's request for approval. The first answer counts; no answer means no.")
  .argument('<incident>', 'ID of the incident, for example inc-0123456789abcdef0123')
  .requiredOption('--stage <stage>', 'the stage, for example prod')
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
  const ask = async () => {
    const { Arn = 'unknown caller' } = await new STSClient({}).send(new GetCallerIdentityCommand({}));
    const Payload = JSON.stringify(answerOf(program.args[0]!, options, Arn));
    return new LambdaClient({}).send(new InvokeCommand({ FunctionName: answerFunction(options.stage), Payload }));
  };
  const { FunctionError, Payload } = await askStage(`Nothing was answered in ${options.stage}`, ask);
  const answer = JSON.parse(Buffer.from(Payload ?? []).toString() || '{}') as Record<string, string>;
  if (FunctionError) program.error(`${answer.errorType}: ${answer.errorMessage}`, { exitCode: 1 });
  console.log(`${answer.answeredBy} answered ${answer.answer} (${answer.subject}) to ${answer.incidentId}.`);
}

if (require.main === module) void asCommand(main);
