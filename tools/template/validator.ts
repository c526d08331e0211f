import { CelEngine, type TemplateFile } from '@aws/cloudformation-validate';
import type { Found } from './checks/model';

/** Notes of AWS's validator that are no findings: each tells how CloudFormation works, for every template. */
const notes: Record<string, string> = {
  I9001: 'says of each property that cannot be changed in place that it cannot',
};

/** Made once, which takes as long as a validation. */
let engine: InstanceType<typeof CelEngine> | undefined;

/**
 * What AWS's own validator finds in a template, offline: schemas of every resource type, the Amazon States Language of every
 * machine, and the rules of cfn-lint that it carries.
 * @param text the packaged template
 */
export function validate(text: string): Found[] {
  engine ??= new CelEngine();
  const file: TemplateFile = { path: 'template.json', readBytes: () => Buffer.from(text) };
  const { diagnostics } = engine.validateDetailed(file, { exclude: { ids: Object.keys(notes) } });
  return diagnostics.map(({ ruleId, entity, propertyPath, message }) => ({
    check: ruleId,
    at: [entity?.logicalId, propertyPath].filter(Boolean).join('.'),
    what: message,
  }));
}
