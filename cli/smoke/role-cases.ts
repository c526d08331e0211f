import type { StageParams } from '../../packaging/stages';
import type { RoleStatement } from '../doctor/project';

/** A value that AWS would find in a request. */
export type Context = Record<string, string[]>;

/** One request of a role, and whether it must be allowed. */
export interface RoleCase {
  functionName: string;
  action: string;
  resource: string;
  context: Context;
  mayDo: boolean;
  /** For a person: `without the tag …`. */
  when: string;
}

/** What the statements of functions.yml leave open. */
export interface Names {
  stage: string;
  account: string;
  region: string;
  partition: string;
  instanceId: string;
  params: Pick<StageParams, 'optInTag' | 'protectedTag'>;
}

const optIn = 'aws:ResourceTag/${param:optInTag}';
const protects = 'aws:ResourceTag/${param:protectedTag}';
const isChange = (action: string) => !/:(Describe|Get|List)/.test(action);
const listed = (value: unknown): string[] => [value ?? []].flat(3).map(String);

/** A text of functions.yml as AWS has it; undefined for what only CloudFormation knows. */
function resolved(text: string, { stage, account, region, partition, params }: Names): string | undefined {
  const known: Record<string, string> = {
    'AWS::Partition': partition,
    'AWS::Region': region,
    'AWS::AccountId': account,
    'AWS::URLSuffix': partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com',
    'param:optInTag': params.optInTag,
    'param:protectedTag': params.protectedTag,
    'sls:stage': stage,
    'self:service': 'incident-playbooks',
  };
  if (text === 'QuarantineProfile.Arn')
    return `arn:${partition}:iam::${account}:instance-profile/incident-playbooks-${stage}-quarantine-${region}`;
  if (/^\w+\.Arn$/.test(text)) return undefined;
  const filled = text.replace(/\$\{([^}]+)\}/g, (whole, name: string) => known[name] ?? whole);
  return filled.includes('${') ? undefined : filled;
}

/** An ARN of a kind of resource: the instance of the run, or a made-up one. */
function sampleOf(pattern: string, names: Names): string | undefined {
  const arn = resolved(pattern, names);
  if (arn === undefined || !arn.startsWith('arn:')) return undefined;
  return arn
    .replace(':instance/*', `:instance/${names.instanceId}`)
    .replace(':targetgroup/*', ':targetgroup/smoke/0123456789abcdef')
    .replaceAll('*', 'smoke');
}

/** What a request must bring along for the other conditions of a statement; undefined if that is not known here. */
function contextOf({ Condition = {} }: RoleStatement, names: Names): Context | undefined {
  const context: Context = {};
  for (const [operator, keys] of Object.entries(Condition)) {
    if (operator === 'Null' || /Not/.test(operator)) continue;
    for (const [key, wanted] of Object.entries(keys)) {
      if (key === optIn) continue;
      const values = listed(wanted).map((one) => resolved(one, names)?.replaceAll('*', 'smoke'));
      if (values.some((one) => one === undefined)) return undefined;
      context[resolved(key, names) ?? key] = values as string[];
    }
  }
  return context;
}

const requires = ({ Condition = {} }: RoleStatement, key: string, operator: RegExp) =>
  Object.entries(Condition).some(([name, keys]) => operator.test(name) && key in keys);

/** The kinds of resource in a statement, by their form. */
const patternsOf = ({ Resource }: RoleStatement) => listed(Resource);

/**
 * What the roles of the functions must be allowed and denied, from their functions.yml: each changing action that asks
 * for the opt-in tag, and each that the protected tag denies. Pure.
 */
export function roleCases(statements: ReadonlyMap<string, readonly RoleStatement[]>, names: Names): RoleCase[] {
  const tagOf = (key: string, value: string): Context => ({ [resolved(key, names)!]: [value] });
  return [...statements].flatMap(([functionName, all]) => {
    const denies = all.filter((one) => one.Effect === 'Deny' && requires(one, protects, /^StringNotEquals/));
    return all
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap((allow) =>
        listed(allow.Action)
          .filter(isChange)
          .flatMap((action) =>
            patternsOf(allow).flatMap((pattern): RoleCase[] => {
              const resource = sampleOf(pattern, names);
              const context = contextOf(allow, names);
              const needsTag = requires(allow, optIn, /^StringEquals/);
              const isDenied = denies.some(
                (deny) => listed(deny.Action).includes(action) && patternsOf(deny).includes(pattern),
              );
              if (resource === undefined || context === undefined || !(needsTag || isDenied)) return [];
              const one = { functionName, action, resource };
              const opted = needsTag ? { ...context, ...tagOf(optIn, 'true') } : context;
              const { optInTag, protectedTag } = names.params;
              return [
                { ...one, context: opted, mayDo: true, when: needsTag ? `with the tag ${optInTag}=true` : 'untagged' },
                ...(needsTag ? [{ ...one, context, mayDo: false, when: `without the tag ${optInTag}` }] : []),
                ...(needsTag
                  ? [
                      {
                        ...one,
                        context: { ...context, ...tagOf(optIn, 'false') },
                        mayDo: false,
                        when: `with the tag ${optInTag}=false`,
                      },
                    ]
                  : []),
                ...(isDenied
                  ? [
                      {
                        ...one,
                        context: { ...opted, ...tagOf(protects, 'true') },
                        mayDo: false,
                        when: `with the tag ${protectedTag}=true`,
                      },
                    ]
                  : []),
              ];
            }),
          ),
      );
  });
}
