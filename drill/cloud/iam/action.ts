import type { ServiceName } from '../service';

/** The prefix of a service's actions, where it is another than its name here. Source: Service Authorization Reference. */
const prefixes: Partial<Record<ServiceName, string>> = {
  'auto-scaling': 'autoscaling',
  elbv2: 'elasticloadbalancing',
};

/** A call's action as IAM has it, for example `ec2:StopInstances`. */
export const actionOf = ({ service, command }: { service: ServiceName; command: string }): string =>
  `${prefixes[service] ?? service}:${command}`;
