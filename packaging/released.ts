import type { SFNClient } from '@aws-sdk/client-sfn';
import { aliasName } from './publish-machines';

/** A version of a machine, as deployments publish them. */
export interface Version {
  /** Step Functions counts the versions of each machine for itself, and uses no number twice. */
  number: number;
  arn: string;
  /** ISO 8601. */
  publishedAt: string;
}

/** A deployed machine with what may be started of it. */
export interface Released {
  machineArn: string;
  /** Newest first. */
  versions: Version[];
  /** What the alias `live` starts, in percent of the starts; empty without the alias. */
  live: { number: number; weight: number }[];
}

/** The ARNs of a stage's machines, by name. @throws SDK errors unchanged */
export async function machinesOf(sfn: SFNClient, stage: string): Promise<string[]> {
  const { paginateListStateMachines } = await import('@aws-sdk/client-sfn');
  const found: string[] = [];
  for await (const { stateMachines = [] } of paginateListStateMachines({ client: sfn }, {}))
    for (const { name = '', stateMachineArn = '' } of stateMachines)
      if (name.startsWith(`incident-playbooks-${stage}-`)) found.push(stateMachineArn);
  return found.sort();
}

/**
 * Reads a machine's versions and its alias. ListStateMachineVersions has the newest version first, and is eventually
 * consistent. Source: Step Functions API reference.
 * @throws SDK errors unchanged
 */
export async function readReleased(sfn: SFNClient, machineArn: string): Promise<Released> {
  const { DescribeStateMachineAliasCommand, ListStateMachineVersionsCommand } = await import('@aws-sdk/client-sfn');
  const stateMachineAliasArn = `${machineArn}:${aliasName}`;
  const versions: Version[] = [];
  let nextToken: string | undefined;
  do {
    const input = { stateMachineArn: machineArn, maxResults: 1000, ...(nextToken ? { nextToken } : {}) };
    const page = await sfn.send(new ListStateMachineVersionsCommand(input));
    for (const { stateMachineVersionArn: arn = '', creationDate } of page.stateMachineVersions ?? [])
      versions.push({ number: numberOf(arn), arn, publishedAt: creationDate?.toISOString() ?? '' });
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  const { routingConfiguration = [] } = await sfn
    .send(new DescribeStateMachineAliasCommand({ stateMachineAliasArn }))
    .catch((error: Error) => {
      // A machine that was deployed without its alias, or whose alias somebody has deleted.
      if (error.name === 'ResourceNotFound') return { routingConfiguration: [] };
      throw error;
    });
  const live = routingConfiguration
    .filter(({ weight }) => weight)
    .map(({ stateMachineVersionArn = '', weight = 0 }) => ({ number: numberOf(stateMachineVersionArn), weight }));
  return { machineArn, versions, live };
}

/** `arn:aws:states:us-east-1:123456789012:stateMachine:name:7` is version 7. */
const numberOf = (arn: string) => Number(arn.split(':').at(-1));

/** The machine's name in its ARN. */
export const nameOf = ({ machineArn }: Pick<Released, 'machineArn'>): string => machineArn.split(':').at(-1)!;

/** Whether the alias starts anything but the newest version. */
export const isBehind = ({ versions: [newest], live }: Released): boolean =>
  newest !== undefined && (live.length !== 1 || live[0]!.number !== newest.number);

/** "version 6", "versions 6 (90%) and 7 (10%)" or "no version". */
export function liveWords({ live }: Released): string {
  if (live.length === 0) return 'no version';
  if (live.length === 1) return `version ${live[0]!.number}`;
  return `versions ${live.map(({ number, weight }) => `${number} (${weight}%)`).join(' and ')}`;
}
