import { arnOf } from '../arn';
import { deniedNameOf } from '../behaviour/status';
import type { Caller } from '../caller';
import type { Ec2Model } from '../ec2/model';
import { serviceError } from '../errors';
import type { ActiveFault, FaultedCall } from '../faults/fault';
import { actionOf } from './action';
import { matches, test } from './conditions';
import type { Statement } from './statement';

/** What the role of a function says; nothing for a function that the template does not have. */
export type StatementsOf = (functionName: string) => readonly Statement[] | undefined;

const tagPrefix = 'aws:resourcetag/';

/**
 * Whether the roles of the template let a function do what it asks, as far as the tags of instances and the width of a
 * statement decide it; what else the roles say is judged by tests/template.
 */
export class Authorization {
  constructor(
    private readonly statementsOf: StatementsOf,
    private readonly ec2: Pick<Ec2Model, 'find'>,
    private readonly place: { region: string; account: string },
  ) {}

  /** Whether an action is allowed on `*`, and not on named resources alone; whoever has no role of the template may do all. */
  isAllowedOnAll(caller: Caller | undefined, action: string): boolean {
    const statements = caller && this.statementsOf(caller.functionName);
    if (!statements) return true;
    return isOnAll(statements, action);
  }

  /** Refuses a call on an instance whose tags the caller's role does not hold for, as IAM does at the call itself. */
  asFault(): ActiveFault {
    return {
      before: (call) => {
        const { caller, service } = call.entry;
        // A session of another account is judged by its own role.
        if (call.entry.session) return undefined;
        const statements = caller && this.statementsOf(caller.functionName);
        if (!statements) return undefined;
        if (service === 'dynamodb') return this.judgeItem(call, statements);
        if (service === 'logs') return this.judgeLogs(call, statements);
        // Others take instances' ids too, but for actions on groups and the like.
        if (service !== 'ec2' && service !== 'ssm') return undefined;
        const action = actionOf(call.entry);
        const refused = instancesIn(call.entry.input).find((id) => !this.isAllowed(statements, action, id));
        if (refused === undefined) return undefined;
        throw serviceError(
          service,
          deniedNameOf(service),
          `You are not authorized to perform ${action} on ${refused}.`,
          403,
        );
      },
    };
  }

  /**
   * Refuses a write of an item whose partition the caller's role may not write. Source: DynamoDB developer guide, "Using
   * IAM policy conditions for fine-grained access control": `dynamodb:LeadingKeys` is the partition key of each item.
   */
  private judgeItem(call: FaultedCall, statements: readonly Statement[]): undefined {
    const { input, command } = call.entry;
    if (!/^(Put|Update|Delete)Item$/.test(command)) return undefined;
    const { TableName } = input as { TableName?: string };
    const action = actionOf(call.entry);
    const arn = arnOf(this.place, 'dynamodb', `table/${TableName}`);
    const partition = partitionIn(input);
    const isAllowed = statements.some(
      (one) =>
        one.Effect === 'Allow' &&
        one.Action.some((pattern) => matches(pattern, action)) &&
        one.Resource.some((pattern) => matches(pattern, arn)) &&
        holdsForItem(one, partition),
    );
    if (isAllowed) return undefined;
    const what = `User is not authorized to perform: ${action} on resource: ${arn} (partition ${partition})`;
    throw serviceError('dynamodb', 'AccessDeniedException', what, 400);
  }

  /**
   * Refuses what a role may not ask of a log group. Source: Service Authorization Reference, CloudWatch Logs: a log group's
   * ARN ends in `:*` there; what names no group needs the right on any.
   */
  private judgeLogs(call: FaultedCall, statements: readonly Statement[]): undefined {
    const { logGroupName, logGroupNames } = call.entry.input as { logGroupName?: string; logGroupNames?: string[] };
    const action = actionOf(call.entry);
    const allowing = statements.filter(
      ({ Effect, Action }) => Effect === 'Allow' && Action.some((one) => matches(one, action)),
    );
    for (const name of logGroupNames ?? [logGroupName]) {
      const arn = arnOf(this.place, 'logs', `log-group:${name}:*`);
      const isAllowed = allowing.some(
        ({ Resource }) => name === undefined || Resource.some((one) => matches(one, arn)),
      );
      if (isAllowed) continue;
      const what = `User is not authorized to perform: ${action} on resource: ${arn}`;
      throw serviceError('logs', 'AccessDeniedException', what, 400);
    }
    return undefined;
  }

  private isAllowed(statements: readonly Statement[], action: string, instanceId: string): boolean {
    const tags = this.ec2.find(instanceId)?.tags;
    // What does not exist is refused by the service itself.
    if (!tags) return true;
    const arn = arnOf(this.place, 'ec2', `instance/${instanceId}`);
    const about = statements.filter(
      ({ Action, Resource }) => Action.some((one) => matches(one, action)) && Resource.some((one) => matches(one, arn)),
    );
    const isDenied = about.some((one) => one.Effect === 'Deny' && isOfTags(one) && holds(one, tags));
    return !isDenied && about.some((one) => one.Effect === 'Allow' && holds(one, tags));
  }
}

/** Whether statements allow an action on `*`. */
export const isOnAll = (statements: readonly Statement[], action: string): boolean =>
  statements.some(
    ({ Effect, Action, Resource }) =>
      Effect === 'Allow' && Action.some((one) => matches(one, action)) && Resource.includes('*'),
  );

/** The partition key of the item that a request writes, as the client or its document form has it. */
function partitionIn(input: unknown): string {
  const { Item, Key } = input as { Item?: Record<string, unknown>; Key?: Record<string, unknown> };
  const pk = (Item ?? Key)?.pk;
  return typeof pk === 'string' ? pk : String((pk as { S?: string } | undefined)?.S ?? '');
}

/** Whether the conditions on the partition key hold for one item; others are taken for met. */
function holdsForItem({ Condition }: Statement, partition: string): boolean {
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => {
      if (key.toLowerCase() !== 'dynamodb:leadingkeys') return true;
      // With one value, all values and any value are the same.
      return test(operator.replace(/^For(All|Any)Values:/, ''), [partition], [wanted].flat().map(String));
    }),
  );
}

/** The instances that a request names, wherever the operation has them. */
function instancesIn(input: unknown): string[] {
  const { InstanceIds, InstanceId, Resources, InstanceSpecification } = input as {
    InstanceIds?: string[];
    InstanceId?: string;
    Resources?: string[];
    InstanceSpecification?: { InstanceId?: string };
  };
  const named = [...(InstanceIds ?? []), ...(Resources ?? []), InstanceId, InstanceSpecification?.InstanceId];
  return named.filter((id): id is string => id?.startsWith('i-') ?? false);
}

const keysOf = ({ Condition }: Statement) => Object.values(Condition).flatMap((keys) => Object.keys(keys));

/** Whether all that a statement asks is about tags of the resource: another key may not hold. */
const isOfTags = (statement: Statement) =>
  keysOf(statement).length > 0 && keysOf(statement).every((key) => key.toLowerCase().startsWith(tagPrefix));

/** Whether the conditions on tags hold; others are taken for met. */
function holds({ Condition }: Statement, tags: ReadonlyMap<string, string>): boolean {
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => {
      if (!key.toLowerCase().startsWith(tagPrefix)) return true;
      return test(operator, valuesOf(tags, key.slice(tagPrefix.length)), [wanted].flat().map(String));
    }),
  );
}

/**
 * Condition keys are not case-sensitive, so two tags whose keys differ in case alone are one key with two values, of
 * which IAM takes either: here the one that says no. Source: IAM user guide, "Condition", "Controlling access using tags".
 */
const valuesOf = (tags: ReadonlyMap<string, string>, key: string) =>
  [...tags].filter(([one]) => one.toLowerCase() === key.toLowerCase()).map(([, value]) => value);
