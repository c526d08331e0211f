import { createHash } from 'node:crypto';
import { ReleaseMakingError } from './errors';
import type { Fields, Json, StackTemplate } from './stable';

/** What a version of a function freezes; tags and reserved concurrency belong to the function alone. */
const frozen = [
  'Architectures',
  'Environment',
  'Handler',
  'KmsKeyArn',
  'MemorySize',
  'Runtime',
  'Timeout',
  'TracingConfig',
];

/**
 * Lets every version follow its function, in place. Machines call versions, and CloudFormation publishes one only when the
 * version itself changes: without this, another mode would reach no step. Its logical ID has a hash of code and
 * configuration, and its description the settings, so that it changes with them, and only with them: Lambda refuses to
 * publish the same code and configuration twice. Source: Lambda API reference, PublishVersion.
 * @param parameters what decides; the stage's name does not, being in the function's own name: another one is another function
 * @param codeOf the base64 SHA-256 of a function's bundle, by its file
 */
export function followFunctions(
  template: StackTemplate,
  parameters: ReadonlySet<string>,
  codeOf: (file: string) => string,
): StackTemplate {
  const renamed = new Map<string, string>();
  for (const [id, { Type, Properties }] of Object.entries(template.Resources)) {
    if (Type !== 'AWS::Lambda::Version') continue;
    const { Ref } = Properties.FunctionName as { Ref: string };
    const own = template.Resources[Ref]!.Properties;
    const code = codeOf((own.Code as { S3Key: string }).S3Key);
    const kept = Object.fromEntries(frozen.map((name) => [name, own[name]]));
    const hash = createHash('sha256')
      .update(JSON.stringify([code, kept]))
      .digest('hex')
      .slice(0, 16);
    renamed.set(id, `${id}${hash}`);
    Properties.CodeSha256 = code;
    const said = settingsOf(own.Environment, parameters);
    if (said.length > 0) Properties.Description = { 'Fn::Join': [' ', said] };
  }
  const names = new RegExp(`\\b(${[...renamed.keys()].join('|')})\\b`, 'g');
  return JSON.parse(JSON.stringify(template).replace(names, (name) => renamed.get(name)!)) as StackTemplate;
}

/** The values of a function's environment that a parameter or a condition decides. */
function settingsOf(environment: Json, parameters: ReadonlySet<string>): Json[] {
  const variables = ((environment as { Variables?: Fields } | undefined)?.Variables ?? {}) as Fields;
  return Object.values(variables)
    .filter((value) => decides(value, parameters))
    .map(plain);
}

function decides(value: Json, parameters: ReadonlySet<string>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if ('Fn::If' in value) return true;
  const { Ref, 'Fn::Sub': sub } = value as Fields;
  if (Ref !== undefined) return parameters.has(String(Ref));
  if (typeof sub === 'string') return [...sub.matchAll(/\$\{(\w+)\}/g)].some(([, name]) => parameters.has(name!));
  return false;
}

/** Of a choice between resources, which one it is; a version's description has no room for names. */
function plain(value: Json): Json {
  const choice = (value as Fields)['Fn::If'];
  if (choice === undefined) return value;
  if (!Array.isArray(choice)) throw new ReleaseMakingError(`${JSON.stringify(value)} is no choice.`);
  return { 'Fn::If': [choice[0], 'on', 'off'] };
}
