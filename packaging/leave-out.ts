import { PlaybookError } from '../functions/shared/errors';
import { holds } from './conditions';
import { type Resource, referredTo } from './references';

/** A template has more resources than a stack may have. */
export class TooManyResourcesError extends PlaybookError {}

/** Source: CloudFormation user guide, "CloudFormation quotas": those under a condition that does not hold count too. */
const mostResources = 500;

interface Conditional {
  Resources: Record<string, Resource>;
  Parameters?: Record<string, { Default?: unknown }>;
  Conditions?: Record<string, unknown>;
  Outputs?: Record<string, unknown>;
}

/**
 * Takes out of a template, in place, what is under a condition on a parameter that does not hold with its default, and what
 * nothing else refers to: resources for logs that the stage does not name would take the room of others.
 * @throws TooManyResourcesError when more are left than a stack may have
 */
export function leaveOutUnnamed(template: Conditional): void {
  const { Resources } = template;
  for (;;) {
    const referred = new Set([...Object.values(Resources), ...Object.values(template.Outputs ?? {})].flatMap(namesIn));
    const unused = Object.keys(Resources).filter((id) => !referred.has(id) && isOut(Resources[id]!, template));
    if (unused.length === 0) break;
    for (const id of unused) delete Resources[id];
  }
  const count = Object.keys(Resources).length;
  if (count > mostResources)
    throw new TooManyResourcesError(
      `The template has ${count} resources, and a stack takes ${mostResources}. Leave out a log group of the stage (trailLogGroup saves 31) or its chat.`,
    );
}

const namesIn = (one: unknown) => [...referredTo(one), ...[(one as Resource).DependsOn ?? []].flat()];

const isOut = ({ Condition }: Resource, template: Conditional) =>
  Condition !== undefined &&
  holds(
    { Condition },
    {
      definitionOf: (name) => template.Conditions?.[name],
      areEqual: (operands) => equal(operands as [unknown, unknown], template),
    },
  ) === false;

/** Known only of a parameter and a text: what packaging has filled in is the stage's own, and stays. */
function equal([one, other]: [unknown, unknown], { Parameters = {} }: Conditional): boolean | undefined {
  const parameter = Parameters[String((one as { Ref?: string } | null)?.Ref)];
  return parameter?.Default === undefined || typeof other !== 'string' ? undefined : parameter.Default === other;
}
