import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { PropertyType, Resource, ResourceProperties, SpecDatabase } from '@aws-cdk/service-spec-types';

type Json = unknown;
interface ResourceBody {
  Type: string;
  Properties?: Record<string, Json>;
  DependsOn?: string | string[];
  Condition?: string;
}
export interface LintedTemplate {
  Resources: Record<string, ResourceBody>;
  Conditions?: Record<string, Json>;
  Parameters?: Record<string, Json>;
  Outputs?: Record<string, Json>;
}

let loaded: SpecDatabase | undefined;
const spec = () => {
  loaded ??= loadAwsServiceSpecSync();
  return loaded;
};

/**
 * Checks a template against CloudFormation's own schema of every resource type, and every reference in it.
 * @returns one line a finding: where it is and what is wrong; empty when the template is clean
 */
export function lint(template: LintedTemplate): string[] {
  return [
    ...Object.entries(template.Resources).flatMap(([id, body]) => lintResource(id, body)),
    ...lintReferences(template),
  ];
}

function specOf(type: string): Resource | undefined {
  return spec().lookup('resource', 'cloudFormationType', 'equals', type)[0];
}

function lintResource(id: string, { Type, Properties = {} }: ResourceBody): string[] {
  const resource = specOf(Type);
  if (!resource) return [`${id}: ${Type} is no resource type`];
  return lintProperties(`${id}.Properties`, Properties, resource.properties);
}

function lintProperties(at: string, given: Record<string, Json>, known: ResourceProperties): string[] {
  const missing = Object.entries(known)
    .filter(([name, { required }]) => required === true && !(name in given))
    .map(([name]) => `${at}: ${name} is required`);
  const rest = Object.entries(given).flatMap(([name, value]) => {
    const property = known[name];
    if (!property) return [`${at}.${name}: there is no such property`];
    const types = [property.type, ...(property.previousTypes ?? [])];
    const findings = types.map((type) => lintValue(`${at}.${name}`, value, type));
    return findings.find((found) => found.length === 0) ?? findings[0] ?? [];
  });
  return [...missing, ...rest];
}

const isObject = (value: Json): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value that CloudFormation works out itself: its type is not known here. */
const isIntrinsic = (value: Json) =>
  isObject(value) && Object.keys(value).length === 1 && /^(Ref|Fn::|Condition$)/.test(Object.keys(value)[0]!);

function lintValue(at: string, value: Json, type: PropertyType): string[] {
  if (isIntrinsic(value)) return [];
  switch (type.type) {
    case 'string':
    case 'date-time':
      // CloudFormation takes numbers and booleans where it wants text.
      return typeof value === 'object' ? [`${at}: expected text`] : [];
    case 'number':
    case 'integer':
      return Number.isFinite(Number(value)) && value !== '' && typeof value !== 'object'
        ? []
        : [`${at}: expected a number`];
    case 'boolean':
      return value === true || value === false || value === 'true' || value === 'false'
        ? []
        : [`${at}: expected true or false`];
    case 'json':
      return typeof value === 'object' || typeof value === 'string' ? [] : [`${at}: expected an object`];
    case 'array':
      return Array.isArray(value)
        ? value.flatMap((item, index) => lintValue(`${at}[${index}]`, item, type.element))
        : [`${at}: expected a list`];
    case 'map':
      return isObject(value)
        ? Object.entries(value).flatMap(([key, item]) => lintValue(`${at}.${key}`, item, type.element))
        : [`${at}: expected a map`];
    case 'ref':
      return isObject(value)
        ? lintProperties(at, value, spec().get('typeDefinition', type.reference.$ref).properties)
        : [`${at}: expected an object`];
    case 'tag':
      return isObject(value) && 'Key' in value && 'Value' in value ? [] : [`${at}: expected a tag with Key and Value`];
    case 'union': {
      const findings = type.types.map((one) => lintValue(at, value, one));
      return findings.find((found) => found.length === 0) ?? findings[0] ?? [];
    }
    default:
      return [];
  }
}

const pseudo = /^AWS::(AccountId|Region|Partition|StackName|StackId|URLSuffix|NoValue|NotificationARNs)$/;

function lintReferences(template: LintedTemplate): string[] {
  const findings: string[] = [];
  const { Resources, Parameters = {}, Conditions = {} } = template;
  const exists = (name: string) => name in Resources || name in Parameters || pseudo.test(name);
  const attribute = (at: string, id: string, name: string) => {
    const resource = Resources[id];
    if (!resource) findings.push(`${at}: ${id} does not exist`);
    else if (
      !(name.split('.')[0]! in (specOf(resource.Type)?.attributes ?? {})) &&
      !(name in (specOf(resource.Type)?.attributes ?? {}))
    ) {
      findings.push(`${at}: ${resource.Type} has no attribute ${name}`);
    }
  };
  const sub = (at: string, value: Json) => {
    const [text, own] = Array.isArray(value) ? (value as [string, Record<string, Json>]) : [String(value), {}];
    for (const [, name = ''] of text.matchAll(/\$\{([^!}][^}]*)\}/g)) {
      if (name in own || exists(name)) continue;
      const [id = '', ...path] = name.split('.');
      if (path.length === 0) findings.push(`${at}: \${${name}} does not exist`);
      else attribute(at, id, path.join('.'));
    }
    walk(`${at}[1]`, own);
  };
  const walk = (at: string, value: Json): void => {
    if (Array.isArray(value)) for (const [index, item] of value.entries()) walk(`${at}[${index}]`, item);
    if (!isObject(value)) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'Ref' && Object.keys(value).length === 1) {
        if (!exists(String(inner))) findings.push(`${at}: ${String(inner)} does not exist`);
      } else if (key === 'Fn::GetAtt') {
        const [id = '', ...path] = Array.isArray(inner) ? (inner as string[]) : String(inner).split('.');
        attribute(at, id, path.join('.'));
      } else if (key === 'Fn::Sub') sub(at, inner);
      else walk(`${at}.${key}`, inner);
    }
  };
  for (const [id, { Properties, DependsOn, Condition }] of Object.entries(Resources)) {
    walk(id, Properties);
    for (const other of [DependsOn ?? []].flat())
      if (!(other in Resources)) findings.push(`${id}.DependsOn: ${other} does not exist`);
    if (Condition !== undefined && !(Condition in Conditions))
      findings.push(`${id}.Condition: ${Condition} does not exist`);
  }
  walk('Outputs', template.Outputs);
  walk('Conditions', Conditions);
  return findings;
}
