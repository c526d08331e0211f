import type { GetConsoleOutputCommandInput, GetConsoleOutputCommandOutput } from '@aws-sdk/client-ec2';
import { serviceError } from '../errors';
import { type CommandModel, reads } from '../service';
import type { Fleet } from './fleet';
import type { Ec2Instance } from './instance';
import { factsOf } from './types';

/** The console of an instance. Source: EC2 user guide, "Instance console output". */
export function consoleCommands(fleet: Fleet): Record<string, CommandModel> {
  return {
    GetConsoleOutput: reads<GetConsoleOutputCommandInput, GetConsoleOutputCommandOutput>((input) => {
      const { InstanceId = '', Latest } = input;
      const [{ spec }] = fleet.require([InstanceId]) as [Ec2Instance];
      // What it says now is told of Nitro instances alone; of others, what the last boot said.
      if (Latest && !factsOf(spec.instanceType).isNitro)
        throw serviceError(
          'ec2',
          'UnsupportedOperation',
          'This instance type does not support retrieving the latest console logs.',
        );
      return { InstanceId, Output: Buffer.from('login: ').toString('base64'), Timestamp: new Date(Date.now()) };
    }),
  };
}
