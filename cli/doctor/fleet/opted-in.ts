import type { Instance } from '@aws-sdk/client-ec2';
import { toTags, whyProtected } from '../../../functions/guard/tags';
import { type Check, tagsOf } from '../check';
import { ok, some, warn } from '../line';
import { enrolled, idsOf, noTags, tagged } from './instances';

export const optedIn: Check = {
  id: 'opted-in',
  what: 'opted-in instances',
  ask: async (subject) => {
    const tags = tagsOf(subject);
    const all = await enrolled(subject);
    if (!tags || !all) return noTags;
    const others = (await tagged(subject, tags.OPT_IN_TAG)).filter((one) => !idsOf(all).includes(one.InstanceId!));
    const isProtected = (one: Instance) => whyProtected(toTags(one.Tags), tags) !== undefined;
    const misspelt = idsOf(others.filter((one) => !isProtected(one)));
    const protects = idsOf(others.filter(isProtected));
    const tag = (id: string) => `aws ec2 create-tags --resources ${id} --tags Key=${tags.OPT_IN_TAG},Value=true`;
    if (misspelt.length > 0)
      return warn(
        `the tag ${tags.OPT_IN_TAG} of ${some(misspelt)} is not "true", so they are left alone`,
        tag(misspelt[0]!),
      );
    if (all.length === 0) return warn(`no instance has the tag ${tags.OPT_IN_TAG}=true`, tag('i-…'));
    const more = protects.length > 0 ? `; protected: ${some(protects)}` : '';
    return ok(`${all.length}: ${some(idsOf(all))}${more}`);
  },
};
