import type { Mistake } from '../packaged';

export interface Statement {
  Effect: string;
  Action: string[] | string;
  Resource: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}
export type Resources = Parameters<Mistake>[0];
/** What was done wrong, and how the finding begins. */
export type Planted = [what: string, mistake: Mistake, finding: string];

type Policies = { PolicyDocument: { Statement: Statement[] } }[];

/** The logical id of a function's role. */
export const roleOf = (name: string) => `${name}IamRoleLambdaExecution`;

export const statementsOf = (resources: Resources, role: string): Statement[] =>
  (resources[role]!.Properties.Policies as Policies)[0]!.PolicyDocument.Statement;

/** A statement under a condition of the template is the one that is in it. */
const unwrapped = (one: Statement | { 'Fn::If': [string, Statement, unknown] }): Statement =>
  'Fn::If' in one ? one['Fn::If'][1] : one;

/** The statement of a role that allows (or denies) an action; of several, the one that holds a text. */
export const statement = (resources: Resources, role: string, action: string, effect = 'Allow', holding = '') =>
  statementsOf(resources, role)
    .map(unwrapped)
    .find(
      (one) => one.Effect === effect && [one.Action].flat().includes(action) && JSON.stringify(one).includes(holding),
    )!;

/** Changes the statement of a role that allows an action. */
export const change =
  (role: string, action: string, how: (one: Statement) => void, holding = ''): Mistake =>
  (resources) =>
    how(statement(resources, role, action, 'Allow', holding));

/** Lets a role act on other resources than it should. */
export const widen = (role: string, action: string, Resource: unknown): Mistake =>
  change(role, action, (one) => {
    one.Resource = Resource;
  });

/** Takes the condition off the statement that allows an action. */
export const unconditional = (role: string, action: string, holding = ''): Mistake =>
  change(
    role,
    action,
    (one) => {
      delete one.Condition;
    },
    holding,
  );

/** Drops a whole statement. */
export const drop =
  (role: string, action: string, effect = 'Allow', holding = ''): Mistake =>
  (resources) => {
    const all = statementsOf(resources, role);
    all.splice(all.map(unwrapped).indexOf(statement(resources, role, action, effect, holding)), 1);
  };

/** Adds a statement. */
export const add =
  (role: string, given: Statement): Mistake =>
  (resources) => {
    statementsOf(resources, role).push(given);
  };

export const account = 'arn:aws:ec2:us-east-1:111122223333';
export const anInstance = `${account}:instance/i-0123456789abcdef0`;
