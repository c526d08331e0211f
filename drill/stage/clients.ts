import { EC2Client } from '@aws-sdk/client-ec2';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';

export interface StageClients {
  ec2: EC2Client;
  lambda: LambdaClient;
  sfn: SFNClient;
}

/** Clients of the real services, with the SDK's default credentials and, unless given, its default region. */
export function stageClients({ region, endpoint }: { region?: string; endpoint?: string }): StageClients {
  const config = { ...(region ? { region } : {}), ...(endpoint ? { endpoint } : {}) };
  return { ec2: new EC2Client(config), lambda: new LambdaClient(config), sfn: new SFNClient(config) };
}
