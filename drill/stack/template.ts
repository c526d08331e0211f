import { z } from 'zod';
import { PlaybookError } from '../../functions/shared/errors';

/** The packaged template is not what a drill can run; the message names the place in it. */
export class TemplateError extends PlaybookError {}

const resourceSchema = z.object({
  Type: z.string(),
  Condition: z.string().optional(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});

/** As much of a CloudFormation template as a drill reads. */
export const templateSchema = z.object({
  Parameters: z.record(z.string(), z.object({ Default: z.unknown().optional() })).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Resources: z.record(z.string(), resourceSchema),
});
export type Template = z.output<typeof templateSchema>;

/** Where the simulated stack is said to be deployed. */
export interface StackPlace {
  account: string;
  region: string;
  stackName: string;
  /** Values of the template's parameters; those without one take their default. */
  parameters?: Record<string, unknown>;
}

/** One resource with every intrinsic function replaced by its value. */
export interface StackResource {
  logicalId: string;
  type: string;
  /** What `Ref` gives for it. */
  ref: string;
  /** Its ARN, where the kind has one. */
  arn: string;
  properties: Record<string, unknown>;
}

/** @throws TemplateError when the file is not a template */
export function parseTemplate(text: string, origin: string): Template {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new TemplateError(`${origin} is not JSON`, { cause });
  }
  const parsed = templateSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new TemplateError(`${origin}: ${issue?.path.join('.')}: ${issue?.message}`, { cause: parsed.error });
}
