/** A group of regions that shares no credentials with another, and how its ARNs and its service names are written. */
export interface Partition {
  name: string;
  /** `AWS::URLSuffix`: `sqs.cn-north-1.amazonaws.com.cn`. */
  urlSuffix: string;
}

const commercial: Partition = { name: 'aws', urlSuffix: 'amazonaws.com' };

/** By the beginning of a region's name. Source: partitions.json of the AWS SDKs, `regionRegex` and `dnsSuffix`. */
const others: readonly (readonly [RegExp, Partition])[] = [
  [/^cn-/, { name: 'aws-cn', urlSuffix: 'amazonaws.com.cn' }],
  [/^us-gov-/, { name: 'aws-us-gov', urlSuffix: 'amazonaws.com' }],
  [/^eusc-/, { name: 'aws-eusc', urlSuffix: 'amazonaws.eu' }],
  [/^us-iso-/, { name: 'aws-iso', urlSuffix: 'c2s.ic.gov' }],
  [/^us-isob-/, { name: 'aws-iso-b', urlSuffix: 'sc2s.sgov.gov' }],
  [/^eu-isoe-/, { name: 'aws-iso-e', urlSuffix: 'cloud.adc-e.uk' }],
  [/^us-isof-/, { name: 'aws-iso-f', urlSuffix: 'csp.hci.ic.gov' }],
];

/** The partition that a region belongs to; a region that is not known here is taken for a new commercial one, as SDKs do. */
export function partitionOf(region: string): Partition {
  return others.find(([pattern]) => pattern.test(region))?.[1] ?? commercial;
}
