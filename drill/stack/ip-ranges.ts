import { ipRanges } from '../../functions/shared/clients/ip-ranges';

/**
 * What the simulated AWS publishes: some of its services, and ranges of instances, which are none.
 * Source: VPC user guide, "AWS IP address ranges JSON syntax".
 */
const published = {
  syncToken: '1772442000',
  createDate: '2026-03-02-09-00-00',
  prefixes: [
    { ip_prefix: '54.183.255.128/26', region: 'us-west-1', service: 'ROUTE53_HEALTHCHECKS' },
    { ip_prefix: '3.5.140.0/22', region: 'ap-northeast-2', service: 'S3' },
    { ip_prefix: '3.5.140.0/22', region: 'ap-northeast-2', service: 'AMAZON' },
    { ip_prefix: '52.95.245.0/24', region: 'us-east-1', service: 'EC2' },
    { ip_prefix: '52.95.245.0/24', region: 'us-east-1', service: 'AMAZON' },
  ],
  ipv6_prefixes: [{ ipv6_prefix: '2600:1f14:fff:f800::/56', region: 'us-west-2', service: 'ROUTE53_HEALTHCHECKS' }],
};

/** Answers the steps' reads of the published ranges, since a drill has no network. @returns how to undo it */
export function answerIpRanges(read: () => Promise<string> = async () => JSON.stringify(published)): () => void {
  const before = ipRanges.read;
  // A function of its own each time: what one drill has read is not kept for the next.
  ipRanges.read = async () => read();
  return () => {
    ipRanges.read = before;
  };
}
