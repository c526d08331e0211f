import { DescribeInstancesCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { until } from '../smoke/until';
import { volumeGb } from './cost';
import { ActError } from './errors';
import type { ActRun } from './frame';
import { smokeTag, tagOf } from './names';

/** The newest image of Amazon Linux 2023, which EC2 looks up. Source: EC2 user guide, "Reference AMIs using Systems Manager parameters". */
const image = 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64';
const startMs = 600_000;

/**
 * Makes the throwaway instance: the smallest type, an encrypted volume, no public address; opted in, and tagged as it is
 * made, so that it can be found whatever happens next. The token makes a repeated call find the first one's instance.
 * @returns its ID, once it runs
 * @throws ActError when it does not come up; InterruptedError; SDK errors unchanged
 */
export async function makeInstance({ options, clients, ledger, clock, settings }: ActRun): Promise<string> {
  const Tags = [
    { Key: 'Name', Value: 'incident-playbooks-smoke' },
    { Key: smokeTag, Value: tagOf(options) },
  ];
  ledger.note('instance-asked', tagOf(options));
  const { Instances = [] } = await clients.ec2.send(
    new RunInstancesCommand({
      ClientToken: `smoke-act-${options.stage}-${options.runId}`,
      ImageId: image,
      InstanceType: 't4g.nano',
      MinCount: 1,
      MaxCount: 1,
      CreditSpecification: { CpuCredits: 'standard' },
      MetadataOptions: { HttpTokens: 'required', HttpEndpoint: 'enabled' },
      NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: options.subnet, AssociatePublicIpAddress: false }],
      BlockDeviceMappings: [
        {
          DeviceName: '/dev/xvda',
          Ebs: { Encrypted: true, VolumeSize: volumeGb, VolumeType: 'gp3', DeleteOnTermination: true },
        },
      ],
      ...(options.profile === undefined ? {} : { IamInstanceProfile: { Name: options.profile } }),
      TagSpecifications: [
        { ResourceType: 'instance', Tags: [...Tags, { Key: settings.OPT_IN_TAG, Value: 'true' }] },
        { ResourceType: 'volume', Tags },
        { ResourceType: 'network-interface', Tags },
      ],
    }),
  );
  const id = Instances[0]?.InstanceId;
  if (!id) throw new ActError('EC2 made no instance and said no reason.');
  ledger.note('instance', id);
  const running = await until(clock, startMs, async () => {
    const { Reservations = [] } = await clients.ec2
      .send(new DescribeInstancesCommand({ InstanceIds: [id] }))
      .catch((error: Error) => {
        // EC2 does not show a new instance everywhere at once.
        if (error.name === 'InvalidInstanceID.NotFound') return { Reservations: [] };
        throw error;
      });
    return Reservations.flatMap(({ Instances: some = [] }) => some).find(({ State }) => State?.Name === 'running');
  });
  if (!running) throw new ActError(`The instance ${id} was not running within ten minutes.`);
  return id;
}
