import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { EC2Client } from '@aws-sdk/client-ec2';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { SFNClient } from '@aws-sdk/client-sfn';
import type { StageSettings } from '../../drill/stage/machine';
import type { Line } from '../doctor/line';
import type { Clock } from '../smoke/until';
import type { ActLedger } from './ledger';

/** The services that a run asks, with the caller's own credentials. */
export interface ActClients {
  ec2: EC2Client;
  sfn: SFNClient;
  lambda: LambdaClient;
  cloudWatch: CloudWatchClient;
}

export interface ActOptions {
  stage: string;
  /** Where the instance is made. */
  subnet: string;
  /** An instance profile with which Systems Manager reaches it. */
  profile?: string | undefined;
  runId: string;
  requestedBy: string;
}

/** What the parts of a run share. */
export interface ActRun {
  options: ActOptions;
  clients: ActClients;
  ledger: ActLedger;
  clock: Clock;
  settings: StageSettings;
  /** The ARNs of the machines, by playbook. */
  machines: ReadonlyMap<string, string>;
  say: (line: string) => void;
  onLine: (line: Line) => void;
}
