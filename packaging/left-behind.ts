import type { SFNClient } from '@aws-sdk/client-sfn';
import type { CompiledTemplate } from './complete-template';
import { isBehind, liveWords, machinesOf, nameOf, type Released, readReleased } from './released';

/**
 * What a deployment has to say of its aliases, one line each: CloudFormation moves those whose version is new, and does not
 * see that another was moved back before. What cannot be read is said too: the deployment itself is done.
 */
export async function aliasesLeftBehind(
  { Resources }: CompiledTemplate,
  sfn: SFNClient,
  stage: string,
): Promise<string[]> {
  const names = Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::StepFunctions::StateMachine')
    .map(({ Properties }) => String(Properties?.StateMachineName));
  if (names.length === 0) return [];
  try {
    const arns = (await machinesOf(sfn, stage)).filter((machineArn) => names.includes(nameOf({ machineArn })));
    const said: string[] = [];
    for (const arn of arns) {
      const released = await readReleased(sfn, arn);
      if (isBehind(released)) said.push(behind(released, stage));
    }
    return said;
  } catch (error) {
    return [
      `Whether an alias is left behind could not be read (${String(error)}): npm run releases -- --stage ${stage}`,
    ];
  }
}

function behind(released: Released, stage: string): string {
  const [newest] = released.versions;
  const playbook = nameOf(released).slice(`incident-playbooks-${stage}-`.length);
  return `The alias of ${playbook} is left behind: it starts ${liveWords(released)}, and the newest is ${newest!.number}. To move it forward: npm run releases -- --stage ${stage} --playbook ${playbook} --to newest`;
}
