import { DescribeStateMachineCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { liveWords, machinesOf, nameOf, readReleased } from '../../packaging/released';
import { BacktestError } from './settings';

/** A version of a function that alarms lead to by now. */
export interface LiveFunction {
  name: string;
  qualifier: string;
  /** "with version 6 of restart-instance, which its alarms start". */
  words: string;
}

/**
 * The function whose settings a restart by alarm has: the alias `live` starts one version of the machine, which calls
 * exact versions of its functions. After a rollback of the alias these are not the ones deployed last. Of an alias that
 * divides its starts between two versions, the one with more of them counts.
 * @throws BacktestError for a stage without the machine, or whose alias starts nothing; errors of the SDK as they are
 */
export async function liveFunction(stage: string, sfn: SFNClient): Promise<LiveFunction> {
  const machine = `incident-playbooks-${stage}-restart-instance`;
  const machineArn = (await machinesOf(sfn, stage)).find((arn) => nameOf({ machineArn: arn }) === machine);
  if (machineArn === undefined)
    throw new BacktestError(
      `Stage ${stage} has no state machine ${machine} in this account and region: is it deployed here?`,
    );
  const released = await readReleased(sfn, machineArn);
  const [most] = [...released.live].sort((a, b) => b.weight - a.weight);
  if (most === undefined)
    throw new BacktestError(
      `On stage ${stage} the alias of restart-instance starts no version. To move it: npm run releases -- --stage ${stage} --playbook restart-instance --to newest`,
    );
  const stateMachineArn = `${machineArn}:${most.number}`;
  const { definition = '' } = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
  // `arn:aws:lambda:us-east-1:123456789012:function:incident-playbooks-prod-plan-action:7`; all have the same settings.
  const called = [...definition.matchAll(/:function:([\w-]+):(\d+)"/g)].map(([, name = '', qualifier = '']) => ({
    name,
    qualifier,
  }));
  const found = called.find(({ name }) => name.endsWith('-plan-action')) ?? called[0];
  if (!found) throw new BacktestError(`${stateMachineArn} calls no version of a function.`);
  return { ...found, words: `with ${liveWords(released)} of restart-instance, which its alarms start` };
}
