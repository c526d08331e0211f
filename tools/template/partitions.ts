import type { Finding } from './least-privilege';
import type { Role } from './roles';
import { isAllowed, type Request } from './simulate';

/** What has owners in the table, by the partition key of a sample item, and the functions that may write it. */
const owners: Readonly<Record<string, { what: string; roles: readonly string[] }>> = {
  'APPROVAL#inc-1': { what: 'approvals', roles: ['AskApproval', 'AnswerApproval', 'AnswerFromChat', 'ExpireApproval'] },
  'EVIDENCE#inc-1': {
    what: 'evidence',
    roles: [
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
  },
  CONTROL: { what: 'the kill switch', roles: [] },
  BLOCK_GROUPS: { what: 'the group of a request', roles: ['GroupBlocks'] },
  BLOCKS: {
    what: 'blocks',
    roles: ['AddAclEntry', 'AddIpSetEntry', 'JudgeBlock', 'RemoveExpiredBlocks', 'ReserveBlock'],
  },
  DIGESTS: { what: 'the count of ends alike', roles: ['CloseIncident', 'RecordRejection'] },
  ENROLMENT: { what: 'the pace of enrolment', roles: ['EnrolInstance', 'ReconcileAlarms'] },
  FLEET: { what: 'the circuit breaker', roles: ['PlanAction'] },
  HEALTH: { what: 'what AWS Health told', roles: ['TakeHealthEvent'] },
  ISOLATIONS: { what: 'whom people were asked about', roles: ['PlanIsolation'] },
  PLACES: {
    what: 'where starts fail',
    roles: ['CloseIncident', 'CloseOrphan', 'PutBackInService', 'StartInstance'],
  },
  TURNS: {
    what: 'whose turn it is',
    roles: ['CloseIncident', 'CloseOrphan', 'PutBackInService', 'TakeOutOfService'],
  },
  'STORM#2026-01-01T00:00:00.000Z': { what: 'the count of a storm', roles: ['OpenIncident'] },
  'STORM#ALARMS': { what: 'the storm of alarms', roles: ['OpenIncident'] },
  FINDING_STORM: { what: 'the storm of findings', roles: ['TellFinding'] },
  SUSPICION_STORM: { what: 'the storm of suspicions', roles: ['ScoreBatch', 'SweepAlarms'] },
  'FOREIGN#1': { what: 'a partition that the product does not have', roles: [] },
};

const key = 'dynamodb:LeadingKeys';
const usual = 'INCIDENT#inc-1';

/** The partition of a write that every role with a right to write may make. */
export const usualPartition = { [key]: [usual] };

/** Actions that write items. */
export const writesItems = /^dynamodb:(BatchWriteItem|DeleteItem|PartiQL(Delete|Insert|Update)|PutItem|UpdateItem)$/;

/**
 * Proves that a role writes only the partitions that it owns: alone, beside one that it may write, and under no key at all.
 * @param requests what the wearers of the role ask for
 */
export async function findPartitions(role: Role, requests: Request[]): Promise<Finding[]> {
  const findings = new Map<string, Finding>();
  const name = role.logicalId.replace(/IamRoleLambdaExecution$/, '');
  const tables = requests.filter(({ action }) => writesItems.test(action));
  const allowed = role.statements.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);
  const actions = [...new Set(allowed.filter((action) => writesItems.test(action)))];
  for (const resource of new Set(tables.map((request) => request.resource))) {
    for (const action of actions) {
      for (const [partition, { what, roles }] of Object.entries(owners)) {
        const mayWrite = roles.includes(name);
        const isWritten = await mayAny(
          role,
          { action, resource },
          mayWrite ? [[partition]] : [[partition], [usual, partition]],
        );
        if (isWritten === mayWrite) continue;
        const wrong = mayWrite ? `may not write ${what}, which is its own` : `may write ${what}, which is not its own`;
        findings.set(`${wrong} ${action}`, { who: role.logicalId, what: wrong, action, resource });
      }
    }
  }
  return [...findings.values()];
}

async function mayAny(role: Role, request: Request, contexts: string[][]): Promise<boolean> {
  for (const keys of contexts)
    if (await isAllowed(role.statements, { ...request, context: { [key]: keys } }, role.arn)) return true;
  return false;
}
