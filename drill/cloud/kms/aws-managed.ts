import { arnOf } from '../arn';
import type { Environment } from '../environment';

const id = '0ebe0ebe-0ebe-40eb-80eb-0ebe0ebe0ebe';

/** The AWS managed key aws/ebs of the account, under which volumes are encrypted that name no key. */
export const defaultKeyArn = (place: Pick<Environment, 'region' | 'account'>) => arnOf(place, 'kms', `key/${id}`);

export const isAwsManaged = (keyId: string) => keyId.endsWith(id);
