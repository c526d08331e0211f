import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageNameOf, packageStage } from '../../drill/packaging/package-stage';
import { resolveTemplate } from '../../drill/stack/resolve';
import type { Template } from '../../drill/stack/template';
import { actorsOf, sourceOf } from '../../tools/template/actors';
import { readWholeTemplate, type WholeTemplate } from '../../tools/template/checks/model';
import { guardTagsOf } from '../../tools/template/contexts';
import { judgeRole } from '../../tools/template/judge-role';
import { type Finding, withForeignRole } from '../../tools/template/least-privilege';
import { findOutsideRoles } from '../../tools/template/outside-roles';
import { findPassed } from '../../tools/template/passed-roles';
import { resourcesOf, rolesOf } from '../../tools/template/roles';
import { place, sampleAcl, sampleEvidenceAccount, sampleLogGroup } from '../../tools/template/samples';
import { findSdkCommands, type SdkUse } from '../../tools/template/sdk-commands';

/** A mistake that a test makes in the packaged template. */
export type Mistake = (resources: Record<string, { Type: string; Properties: Record<string, unknown> }>) => void;

let uses: Promise<Map<string, SdkUse>> | undefined;
/** Findings by role and whoever wears it, so that a planted mistake costs no second look at all other roles. */
const known = new Map<string, Promise<Finding[]>>();

/** Parsing a template takes longer than copying it, and every planted mistake needs a copy. */
let dev: Promise<Template> | undefined;
const whole = new Map<string, Promise<WholeTemplate>>();

const on = { 'Fn::Equals': ['on', 'on'] };
/** A template as it would be with a bucket for evidence, locked snapshots and an account that they are shared with. */
export const withEvidence = (template: Template): Template => ({
  ...template,
  Conditions: { ...template.Conditions, KeepsEvidence: on, LocksSnapshots: on, SharesSnapshots: on },
});

/** A template as it would be with every kind of log named. */
const withLogGroups = (template: Template): Template => ({
  ...template,
  Parameters: Object.fromEntries(
    Object.entries(template.Parameters).map(([name, given]) => [
      name,
      name.endsWith('LogGroup') ? { ...given, Default: sampleLogGroup } : given,
    ]),
  ),
});

/** A template as it would be with a network ACL to block in, log groups and everything that keeps evidence. */
export function withSamples(template: Template): Template {
  const text = JSON.stringify(template)
    .replaceAll(':network-acl/"', `:network-acl/${sampleAcl}"`)
    .replaceAll('"ec2:Add/userId":""', `"ec2:Add/userId":"${sampleEvidenceAccount}"`);
  return withLogGroups(withEvidence(JSON.parse(text) as Template));
}

/** The dev stage as it would be deployed with a network ACL to block in, log groups and everything that keeps evidence, as a copy that a test may change. */
export async function devTemplate(mistake: Mistake = () => {}): Promise<Template> {
  dev ??= packageStage('dev').then(withSamples);
  const copy = structuredClone(await dev);
  mistake(copy.Resources);
  return copy;
}

/** The whole template of a stage as it would be deployed, as a copy that a test may change. */
export async function wholeTemplate(stage: string, params?: Record<string, string>): Promise<WholeTemplate> {
  const options = params ? { params } : {};
  const name = packageNameOf(stage, options);
  const read = async () => {
    await packageStage(stage, options);
    return readWholeTemplate(await readFile(join(__dirname, '../../.drill/packages', `${name}.json`), 'utf8'));
  };
  whole.set(name, whole.get(name) ?? read());
  return structuredClone(await whole.get(name)!);
}

/** Every finding of the IAM checks in a template, one line each. */
export async function iamFindings(template: Template): Promise<string[]> {
  const stack = resolveTemplate(template, place);
  uses ??= findSdkCommands(resourcesOf(stack, 'AWS::Lambda::Function').map(sourceOf));
  const roles = rolesOf(stack);
  const tags = guardTagsOf(stack);
  const actors = actorsOf(stack, await uses);
  const findings = [...withForeignRole(actors, roles), ...findOutsideRoles(stack, roles)];
  for (const role of roles.values()) findings.push(...findPassed(role, stack));
  for (const role of roles.values()) {
    const users = actors.filter(({ roleArn }) => roleArn === role.arn);
    const key = JSON.stringify([role, users]);
    known.set(key, known.get(key) ?? judgeRole(role, users, stack, tags));
    findings.push(...(await known.get(key)!));
  }
  return findings.map(
    ({ who, what, action, resource }) => `${who} ${what}: ${action}${resource ? ` on ${resource}` : ''}`,
  );
}
