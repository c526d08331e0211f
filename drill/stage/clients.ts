import { EC2Client } from '@aws-sdk/client-ec2';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';

export interface StageClients {
  ec2: EC2Client;
  lambda: LambdaClient;
  sfn: SFNClient;
}

/** Clients of the real services, with the credentials and, unless one is given, the region of the SDK's usual places. */
export function stageClients({ region, endpoint }: { region?: string; endpoint?: string }): StageClients {
  const config = { ...(region ? { region } : {}), ...(endpoint ? { endpoint } : {}) };
  return { ec2: new EC2Client(config), lambda: new LambdaClient(config), sfn: new SFNClient(config) };
}
