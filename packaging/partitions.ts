/** Partitions of the table that every step with a right to write may write. */
const ordinary = ['INCIDENT#*', 'INSTANCE#*', 'EXECUTION#*', 'SUBJECT#*', 'TOLD', 'CONTEXT'];

/** Partitions that only a few functions may write, by the functions' keys. Nobody writes CONTROL, the kill switch, but people. */
const owned: Readonly<Record<string, readonly string[]>> = {
  'APPROVAL#*': ['AskApproval', 'AnswerApproval', 'AnswerFromChat', 'ExpireApproval'],
  'EVIDENCE#*': [
    'DetachAddress',
    'JudgeIsolation',
    'LockEvidence',
    'MarkInstance',
    'PrepareQuarantine',
    'ProtectFromScaleIn',
    'ProtectInstance',
    'QuarantineInterface',
    'RevokeSessions',
    'SaveEvidence',
    'SwapProfile',
    'SwitchMetadataOff',
    'TakeOutOfService',
  ],
  BLOCK_GROUPS: ['GroupBlocks'],
  // What is blocked, where, and until when.
  BLOCKS: ['AddAclEntry', 'AddIpSetEntry', 'JudgeBlock', 'RemoveExpiredBlocks', 'ReserveBlock'],
  // How many incidents have ended alike within an hour.
  DIGESTS: ['CloseIncident', 'RecordRejection'],
  // The pace of alarm changes, which all of the stage share.
  ENROLMENT: ['EnrolInstance', 'ReconcileAlarms'],
  FINDING_STORM: ['TellFinding'],
  // The circuit breaker.
  FLEET: ['PlanAction'],
  // About which instances people have been asked.
  ISOLATIONS: ['PlanIsolation'],
  // Where starts fail: a start marks it, and whoever ends an incident draws the conclusion from its start.
  PLACES: ['CloseIncident', 'CloseOrphan', 'PutBackInService', 'StartInstance'],
  // What AWS Health has told.
  HEALTH: ['TakeHealthEvent'],
  // The count of an alarm storm, and the instances in it.
  'STORM#*': ['OpenIncident'],
  SUSPICION_STORM: ['ScoreBatch', 'SweepAlarms'],
  // Whose turn it is in a zone or group: one step takes it, and three give it back.
  TURNS: ['CloseIncident', 'CloseOrphan', 'PutBackInService', 'TakeOutOfService'],
};

interface Statement {
  Effect?: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: unknown;
}

/** Actions that write items, of which IAM sees the partition keys. Source: Service Authorization Reference, DynamoDB. */
const writes = /^dynamodb:(BatchWriteItem|DeleteItem|PartiQL(Delete|Insert|Update)|PutItem|UpdateItem)$/;

/**
 * Splits a statement that writes to the table: reading stays as it is, writing is limited to the partitions of the role's
 * function. `ForAllValues` alone also holds for a request without the key, so its absence is ruled out.
 * @param roleId the role's logical ID
 */
export function withPartitions(statement: Statement, roleId: string): Statement[] {
  const actions = [statement.Action].flat();
  const written = actions.filter((action) => writes.test(action));
  if (statement.Effect === 'Deny' || written.length === 0 || statement.Condition !== undefined) return [statement];
  const read = actions.filter((action) => !writes.test(action));
  const Condition = {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitionsOf(roleId) },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  };
  return [...(read.length > 0 ? [{ ...statement, Action: read }] : []), { ...statement, Action: written, Condition }];
}

function partitionsOf(roleId: string): string[] {
  const name = roleId.replace(/IamRoleLambdaExecution$/, '');
  const own = Object.entries(owned).filter(([, owners]) => owners.includes(name));
  return [...ordinary, ...own.map(([partition]) => partition)];
}
