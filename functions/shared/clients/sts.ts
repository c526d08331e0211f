import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  type AssumeRoleCommandOutput,
  STSClient,
} from '@aws-sdk/client-sts';

/** An incident waits for it: an answer that takes longer is tried again, and then the place counts as unreachable. */
const requestHandler = { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true };

/**
 * For roles in other accounts; loaded only when one is needed. It asks the endpoint of the cell's own region, whose sessions
 * are good in every region. Source: IAM user guide, "Manage AWS STS in an AWS Region".
 */
export const sts = new STSClient({ requestHandler });

/** The one call of it: whoever loads the package by itself bundles all of its commands. */
export const assumeRole = (input: AssumeRoleCommandInput): Promise<AssumeRoleCommandOutput> =>
  sts.send(new AssumeRoleCommand(input));
