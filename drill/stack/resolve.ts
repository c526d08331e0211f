import { partitionOf } from '../../functions/place/partition';
import { holds } from '../../packaging/conditions';
import { type Identity, identityOf, namePropertyOf } from './identity';
import { type StackPlace, type StackResource, type Template, TemplateError } from './template';

type Json = unknown;
type Intrinsic = (argument: Json, at: string) => Json;
const noValue = Symbol('AWS::NoValue');

/**
 * Replaces CloudFormation's intrinsic functions by their values, for a stack that is said to stand at `place`.
 * Resources whose condition is false are left out. Pure.
 * @throws TemplateError naming the place in the template and what it refers to, when that does not exist
 */
export function resolveTemplate(template: Template, place: StackPlace): Map<string, StackResource> {
  const resolver = new Resolver(template, place);
  const resources = Object.entries(template.Resources).filter(
    ([, { Condition }]) => !Condition || resolver.condition(Condition),
  );
  return new Map(resources.map(([logicalId]) => [logicalId, resolver.resource(logicalId)]));
}

class Resolver {
  readonly #template: Template;
  readonly #place: StackPlace;
  readonly #pseudo: Record<string, Json>;
  readonly #identities = new Map<string, Identity>();
  readonly #intrinsics: Record<string, Intrinsic>;

  constructor(template: Template, place: StackPlace) {
    this.#template = template;
    this.#place = place;
    const partition = partitionOf(place.region);
    this.#pseudo = {
      'AWS::AccountId': place.account,
      'AWS::Region': place.region,
      'AWS::Partition': partition.name,
      'AWS::URLSuffix': partition.urlSuffix,
      'AWS::StackName': place.stackName,
      'AWS::StackId': `arn:${partition.name}:cloudformation:${place.region}:${place.account}:stack/${place.stackName}/00000000`,
      'AWS::NotificationARNs': [],
      'AWS::NoValue': noValue,
    };
    this.#intrinsics = {
      Ref: (name, at) => this.#ref(String(name), at),
      'Fn::GetAtt': (argument, at) => this.#getAtt(argument, at),
      'Fn::Sub': (argument, at) => this.#sub(argument, at),
      'Fn::Join': (argument, at) => this.#join(argument, at),
      'Fn::Select': (argument, at) => this.#select(argument, at),
      'Fn::Split': (argument, at) => this.#split(argument, at),
      'Fn::If': (argument, at) => this.#if(argument, at),
      'Fn::FindInMap': (argument, at) => this.#findInMap(argument, at),
      'Fn::Base64': (argument, at) => Buffer.from(String(this.value(argument, at))).toString('base64'),
      'Fn::GetAZs': () => ['a', 'b', 'c'].map((zone) => `${place.region}${zone}`),
      Condition: (name) => this.condition(String(name)),
    };
  }

  resource(logicalId: string): StackResource {
    const { Type, Properties } = this.#template.Resources[logicalId]!;
    const { ref, arn } = this.#identity(logicalId, logicalId);
    const properties = this.value(Properties, logicalId) as Record<string, Json>;
    return { logicalId, type: Type, ref, arn, properties };
  }

  condition(name: string): boolean {
    const at = `Conditions.${name}`;
    const answer = holds(this.#definition(name), {
      definitionOf: (other) => this.#definition(other),
      areEqual: (operands) => {
        const [left, right] = this.#list(operands, at, 2);
        return String(left) === String(right);
      },
    });
    // A stack's parameters all have a value, so that everything is known.
    if (answer === undefined) throw new TemplateError(`${at}: it has something that is no condition`);
    return answer;
  }

  #definition(name: string): Json {
    const definition = this.#template.Conditions[name];
    if (definition === undefined) throw new TemplateError(`There is no condition ${name}`);
    return definition;
  }

  value(node: Json, at: string): Json {
    if (Array.isArray(node)) {
      return node.map((item, i) => this.value(item, `${at}[${i}]`)).filter((item) => item !== noValue);
    }
    if (typeof node !== 'object' || node === null) return node;
    const entries = Object.entries(node);
    const [first] = entries;
    if (entries.length === 1 && first) {
      const [name, argument] = first;
      // A plain property may be called "Condition" too (IAM): only a string there names a condition.
      const intrinsic = name === 'Condition' && typeof argument !== 'string' ? undefined : this.#intrinsics[name];
      if (intrinsic) return intrinsic(argument, at);
      if (name.startsWith('Fn::')) throw new TemplateError(`${at}: ${name} is not supported in a drill`);
    }
    const resolved = entries.map(([key, item]) => [key, this.value(item, `${at}.${key}`)] as const);
    return Object.fromEntries(resolved.filter(([, item]) => item !== noValue));
  }

  #identity(logicalId: string, at: string): Identity {
    const known = this.#identities.get(logicalId);
    if (known) return known;
    const resource = this.#template.Resources[logicalId];
    if (!resource)
      throw new TemplateError(`${at}: refers to ${logicalId}, which the template does not have${hintOf(logicalId)}`);
    const nameProperty = namePropertyOf(resource.Type);
    const given = nameProperty ? resource.Properties[nameProperty] : undefined;
    const name = given === undefined ? undefined : String(this.value(given, `${logicalId}.${nameProperty}`));
    const identity = identityOf(resource.Type, logicalId, name, this.#place);
    this.#identities.set(logicalId, identity);
    return identity;
  }

  #ref(name: string, at: string): Json {
    if (name in this.#pseudo) return this.#pseudo[name];
    const parameter = this.#template.Parameters[name];
    if (!parameter) return this.#identity(name, at).ref;
    const value = this.#place.parameters?.[name] ?? parameter.Default;
    if (value === undefined) throw new TemplateError(`${at}: parameter ${name} has neither a value nor a default`);
    return value;
  }

  #getAtt(argument: Json, at: string): Json {
    const [logicalId = '', ...rest] = Array.isArray(argument) ? argument.map(String) : String(argument).split('.');
    const attribute = rest.join('.');
    const value = this.#identity(logicalId, at).attributes[attribute];
    if (value === undefined)
      throw new TemplateError(`${at}: attribute ${attribute} of ${logicalId} is not known in a drill`);
    return value;
  }

  #sub(argument: Json, at: string): string {
    const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
    const own = this.value(variables ?? {}, at) as Record<string, Json>;
    return String(text).replace(/\$\{([^}]*)\}/g, (_whole, expression: string) => {
      if (expression.startsWith('!')) return `\${${expression.slice(1)}}`;
      const name = expression.trim();
      if (Object.hasOwn(own, name)) return String(own[name]);
      return String(name.includes('.') ? this.#getAtt(name, at) : this.#ref(name, at));
    });
  }

  #join(argument: Json, at: string): string {
    const [separator, parts] = this.#list(argument, at, 2);
    if (!Array.isArray(parts)) throw new TemplateError(`${at}: Fn::Join needs a list`);
    return parts.map(String).join(String(separator));
  }

  #select(argument: Json, at: string): Json {
    const [index, list] = this.#list(argument, at, 2);
    const item = Array.isArray(list) ? list[Number(index)] : undefined;
    if (item === undefined) throw new TemplateError(`${at}: Fn::Select has no item ${String(index)}`);
    return item;
  }

  #split(argument: Json, at: string): string[] {
    const [separator, text] = this.#list(argument, at, 2);
    return String(text).split(String(separator));
  }

  #if(argument: Json, at: string): Json {
    if (!Array.isArray(argument) || argument.length !== 3) throw new TemplateError(`${at}: Fn::If needs three items`);
    return this.value(argument[this.condition(String(argument[0])) ? 1 : 2], at);
  }

  #findInMap(argument: Json, at: string): Json {
    const [map, first, second] = this.#list(argument, at, 3).map(String);
    const value = this.#template.Mappings[map!]?.[first!]?.[second!];
    if (value === undefined) throw new TemplateError(`${at}: there is no mapping ${map}.${first}.${second}`);
    return value;
  }

  #list(argument: Json, at: string, length: number): Json[] {
    const list = this.value(argument, at);
    if (!Array.isArray(list) || list.length < length) throw new TemplateError(`${at}: expected a list of ${length}`);
    return list;
  }
}

/** What makes a function missing most often. */
const hintOf = (logicalId: string) =>
  logicalId.endsWith('LambdaFunction') ? ' (does serverless.yml list the functions.yml that has it?)' : '';
