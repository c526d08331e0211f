/** A statement of a role's policies, with every intrinsic function resolved. */
export interface Statement {
  Effect: 'Allow' | 'Deny';
  Action: readonly string[];
  Resource: readonly string[];
  Condition: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
