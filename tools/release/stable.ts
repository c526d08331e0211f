import { ReleaseMakingError } from './errors';

export type Json = unknown;
export type Fields = Record<string, Json>;
export interface StackTemplate {
  Resources: Record<string, Fields & { Type: string; Properties: Fields }>;
  Conditions?: Fields;
  Mappings?: Fields;
  Outputs?: Record<string, Fields>;
}

/**
 * A packaged template without what is new in each packaging: the hashes in the logical IDs of functions' versions, the
 * hashes by which machines name their functions, the time in the keys of bundles. Code and its hash are left out.
 */
export function withStableNames(template: StackTemplate): StackTemplate {
  const text = JSON.stringify(template).replace(/(LambdaVersion)[A-Za-z0-9]{20,}/g, '$1');
  const stable = inlined(JSON.parse(text)) as StackTemplate;
  for (const { Type, Properties } of Object.values(stable.Resources)) {
    if (Type === 'AWS::Lambda::Version') delete Properties.CodeSha256;
    if (Type === 'AWS::Lambda::Function') Properties.Code = { S3Key: keyOf(Properties) };
  }
  return stable;
}

const keyOf = ({ Code }: Fields) =>
  String((Code as { S3Key: string }).S3Key)
    .split('/')
    .at(-1);

/** Machines name what they refer to by hashes, `${592f…}`, with what each stands for beside the text: it is put in its place. */
function inlined(node: Json): Json {
  if (Array.isArray(node)) return node.map(inlined);
  if (typeof node !== 'object' || node === null) return node;
  const sub = (node as Fields)['Fn::Sub'];
  if (Array.isArray(sub)) {
    const [text, values] = sub as [string, Fields];
    const whole = text.replace(/\$\{([0-9a-f]{32})\}/g, (_all, hash: string) => `\${${nameOf(values[hash], hash)}}`);
    const rest = Object.entries(values).filter(([name]) => !/^[0-9a-f]{32}$/.test(name));
    return { 'Fn::Sub': rest.length > 0 ? [whole, inlined(Object.fromEntries(rest))] : whole };
  }
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, inlined(value)]));
}

/** How Fn::Sub writes a reference. @throws ReleaseMakingError for what is none */
export function nameOf(reference: Json, at: string): string {
  const { Ref, 'Fn::GetAtt': attribute } = (reference ?? {}) as Fields;
  if (typeof Ref === 'string') return Ref;
  if (Array.isArray(attribute)) return attribute.join('.');
  if (typeof attribute === 'string') return attribute;
  throw new ReleaseMakingError(`${at}: ${JSON.stringify(reference)} is no reference that fits into a text.`);
}
