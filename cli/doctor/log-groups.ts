import { DescribeLogGroupsCommand, type LogGroup } from '@aws-sdk/client-cloudwatch-logs';
import type { StageParams } from '../../packaging/stages';
import { ask } from './ask';
import type { Check, Subject } from './check';
import { fail, notAsked, ok, some } from './line';

/** The params of a stage that name a log group to take alarms from; empty for none. */
const params = [
  'flowLogGroup',
  'trailLogGroup',
  'loginLogGroup',
  'systemLogGroup',
  'applicationLogGroup',
] as const satisfies (keyof StageParams)[];

/** The log group of exactly this name; undefined if there is none. */
async function find({ clients: { logs } }: Subject, name: string): Promise<LogGroup | undefined> {
  let nextToken: string | undefined;
  do {
    const input = { logGroupNamePrefix: name, ...(nextToken ? { nextToken } : {}) };
    const page = await ask('logs:DescribeLogGroups', () => logs.send(new DescribeLogGroupsCommand(input)));
    const found = page.logGroups?.find(({ logGroupName }) => logGroupName === name);
    if (found) return found;
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return undefined;
}

/** Whether the log groups that the stage names are there, and can have metric filters. */
export const logGroups: Check = {
  id: 'log-groups',
  what: 'log groups',
  ask: async (subject) => {
    const { place, params: stage } = subject;
    if (!stage) return notAsked('the params of the stage are not known', 'fix the line "stage params" first');
    const named = params.filter((param) => stage[param] !== '');
    const [missing, unfit]: [string[], string[]] = [[], []];
    for (const param of named) {
      const group = await find(subject, stage[param]);
      // Only the class STANDARD takes metric filters. Source: CloudWatch Logs user guide, "Log classes".
      const { logGroupClass = 'STANDARD' } = group ?? {};
      if (!group) missing.push(`${param} ${stage[param]}`);
      else if (logGroupClass !== 'STANDARD') unfit.push(`${param} ${stage[param]} (${logGroupClass})`);
    }
    const [name = ''] = missing.map((one) => one.split(' ')[1]!);
    if (missing.length > 0)
      return fail(
        `not in ${place.region}: ${some(missing)}; a deployment fails without them, and alarms on a group that is gone are silent`,
        `correct the param in resources/stages.yml (empty for none), or: aws logs create-log-group --region ${place.region} --log-group-name ${name}`,
      );
    if (unfit.length > 0)
      return fail(
        `of a class that takes no metric filters: ${some(unfit)}`,
        'name a log group of class STANDARD in resources/stages.yml; the class of a log group cannot be changed',
      );
    return ok(named.length === 0 ? 'none is named in resources/stages.yml' : `${named.length} are there`);
  },
};
