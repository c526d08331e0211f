import { place } from '../samples';
import { matches } from '../simulate';
import type { Caller } from './callers';
import { valueAt } from './model';

interface Statement {
  Effect: string;
  Action?: string | string[];
  Principal?: unknown;
  NotPrincipal?: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

const listOf = (value: unknown): string[] => (value === undefined ? [] : [value].flat().map(String));
const root = `arn:aws:iam::${place.account}:root`;

/**
 * What is wrong with a trust policy or a resource policy, of which every value is resolved.
 * @param callers the services that have to do with the resource; nobody else but this account may
 */
export function judgePolicy(document: unknown, callers: Caller[]): string[] {
  const statements = [valueAt(document, 'Statement') ?? []].flat() as Statement[];
  return statements.filter(({ Effect }) => Effect !== 'Deny').flatMap((statement) => judge(statement, callers));
}

function judge(statement: Statement, callers: Caller[]): string[] {
  const { Principal, NotPrincipal } = statement;
  if (NotPrincipal !== undefined) return ['is open to everybody but some'];
  if (Principal === '*') return ['is open to everybody'];
  const principals = Object.entries(Principal ?? {}).flatMap(([kind, value]) =>
    listOf(value).map((name) => ({ kind, name })),
  );
  return principals
    .map(({ kind, name }) => (kind === 'Service' ? judgeService(name, statement, callers) : judgeOther(kind, name)))
    .filter((what) => what !== undefined);
}

function judgeOther(kind: string, name: string): string | undefined {
  if (name === '*') return 'is open to everybody';
  return kind === 'AWS' && name === root ? undefined : `lets ${name} in, which is not this account`;
}

function judgeService(name: string, statement: Statement, callers: Caller[]): string | undefined {
  const [, service] = /^([\w-]+)(?:\.[a-z]{2}-[\w-]+)?\.amazonaws\.com$/.exec(name) ?? [];
  const caller = callers.find((one) => one.service === service);
  if (!caller) return `lets ${name} in, which nothing of the stack needs`;
  if (listOf(statement.Action).some((action) => action.includes('*'))) return `lets ${name} do everything`;
  if (!caller.sources) return undefined;
  const accounts = valuesOf(statement, 'aws:SourceAccount', /^StringEquals$/);
  const sources = valuesOf(statement, 'aws:SourceArn', /^(String|Arn)(Equals|Like)$/);
  if (sources.length === 0 && accounts.length === 0) return 'may be used by a service on behalf of any account';
  if (sources.length === 0) return `may be used by ${name} for anything of the account`;
  if (caller.hasAccount && accounts.length === 0) return `does not ask ${name} for which account it acts`;
  if (accounts.some((account) => account !== place.account)) return 'may be used by a service for another account';
  return judgeSources(sources, caller.sources);
}

/** Patterns of sources match everything that has to get through, and nothing beside the stack. */
function judgeSources(patterns: string[], sources: string[]): string | undefined {
  const foreign = patterns.find((pattern) => {
    const [, , service, region, account] = pattern.split(':');
    const isHere = region === place.region && account === place.account;
    const like = sources[0]!.replace(/[^:/]*$/, '');
    return !isHere || service!.includes('*') || matches(pattern, `${like}foreign`);
  });
  if (foreign) return `may be used by a service for ${foreign}`;
  const missing = sources.find((source) => !patterns.some((pattern) => matches(pattern, source)));
  return missing && `cannot be used for ${missing}`;
}

/** The values that a key must have, by operators that fail without it. */
function valuesOf({ Condition = {} }: Statement, key: string, operators: RegExp): string[] {
  const values = Object.entries(Condition).filter(([operator]) => operators.test(operator));
  return values.flatMap(([, keys]) => listOf(keys[key]));
}
