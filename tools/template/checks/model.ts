import { z } from 'zod';

const resourceSchema = z.object({
  Type: z.string(),
  Condition: z.string().optional(),
  DependsOn: z.union([z.string(), z.array(z.string())]).optional(),
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});
const templateSchema = z.object({
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({}),
  Parameters: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  Resources: z.record(z.string(), resourceSchema),
  Outputs: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
});
/** A packaged template with everything that CloudFormation reads of it. */
export type WholeTemplate = z.output<typeof templateSchema>;
export type WholeResource = z.output<typeof resourceSchema>;
export type Properties = Record<string, unknown>;

/** Something that a check found; `at` is the logical id, and the property where there is one. */
export interface Found {
  check: string;
  at: string;
  what: string;
}

/** Looks at a whole template and says what is wrong, by logical id. */
export type Check = (template: WholeTemplate) => Omit<Found, 'check'>[];

/** @throws ZodError when the text is no template */
export function readWholeTemplate(text: string): WholeTemplate {
  return templateSchema.parse(JSON.parse(text));
}

/** A check of each resource of one type: undefined when it is as it should be, else what is wrong. */
export function each(type: string, judge: (properties: Properties) => string | undefined): Check {
  return (template) =>
    ofType(template, type).flatMap(([at, { Properties }]) => {
      const what = judge(Properties);
      return what ? [{ at, what }] : [];
    });
}

/** The value at a path of property names, e.g. `TracingConfig.Mode`; undefined where there is none. */
export function valueAt(node: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => (inner as Properties | undefined)?.[key], node);
}

/** A check that a value stands at a path in each resource of one type. */
export function expects(type: string, path: string, value: unknown, otherwise: string): Check {
  return each(type, (properties) => (valueAt(properties, path) === value ? undefined : otherwise));
}

/** Several checks as one. */
export function all(...checks: Check[]): Check {
  return (template) => checks.flatMap((check) => check(template));
}

/** The resources of one type with their logical ids. */
export function ofType({ Resources }: WholeTemplate, type: string): [string, WholeResource][] {
  return Object.entries(Resources).filter(([, { Type }]) => Type === type);
}
