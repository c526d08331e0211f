/** The parts of a packaged template that its conditions are made of. */
export interface Conditional {
  Conditions?: Record<string, unknown>;
  Parameters?: Record<string, { Default?: unknown }>;
}

/** Whether a condition of a template holds with the defaults of its parameters. */
export function holds(name: string, template: Conditional): boolean {
  const test = (node: unknown): boolean => {
    const [[what, given] = []] = Object.entries(node as Record<string, unknown>);
    const items = [given].flat();
    if (what === 'Condition') return test(template.Conditions?.[String(given)]);
    if (what === 'Fn::Equals') return textOf(items[0], template) === textOf(items[1], template);
    if (what === 'Fn::Not') return !test(items[0]);
    if (what === 'Fn::Or') return items.some(test);
    if (what === 'Fn::And') return items.every(test);
    throw new Error(`The condition ${name} has ${what}, which is not known here.`);
  };
  return test({ Condition: name });
}

function textOf(node: unknown, { Parameters = {} }: Conditional): string {
  const { Ref } = (node ?? {}) as { Ref?: string };
  return String(Ref === undefined ? node : Parameters[Ref]?.Default);
}
