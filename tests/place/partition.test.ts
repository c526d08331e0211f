import { partition } from '@aws-sdk/core/client';
import { partitionOf } from '../../functions/place/partition';

test.each([
  ...['us-east-1', 'ap-southeast-2', 'il-central-1', 'mx-central-1', 'cn-north-1', 'cn-northwest-1', 'us-gov-west-1'],
  ...['us-gov-east-1', 'eusc-de-east-1', 'us-iso-east-1', 'us-isob-east-1', 'eu-isoe-west-1', 'us-isof-south-1'],
  'a-new-region-1',
])('%s is in the partition that the SDK has for it', (region) => {
  const { name, dnsSuffix } = partition(region);

  expect(partitionOf(region)).toEqual({ name, urlSuffix: dnsSuffix });
});
