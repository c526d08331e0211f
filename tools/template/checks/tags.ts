import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { SpecDatabase } from '@aws-cdk/service-spec-types';
import type { Check } from './model';

let loaded: SpecDatabase | undefined;

/** Every resource that can have tags has the stack's, once each. */
export const tags: Check = ({ Resources }) => {
  loaded ??= loadAwsServiceSpecSync();
  const spec = loaded;
  return Object.entries(Resources).flatMap(([at, { Type, Properties }]) => {
    const tagging = spec.lookup('resource', 'cloudFormationType', 'equals', Type)[0]?.tagInformation;
    if (!tagging) return [];
    const given = Properties[tagging.tagPropertyName];
    const keys = Array.isArray(given) ? given.map(({ Key }: { Key: string }) => Key) : Object.keys(given ?? {});
    return ['Project', 'Stage']
      .filter((key) => keys.filter((one) => one === key).length !== 1)
      .map((key) => ({ at, what: `has the tag ${key} ${keys.includes(key) ? 'twice' : 'not'}` }));
  });
};
