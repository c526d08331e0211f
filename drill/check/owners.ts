import type { CallFact, RunFacts, Violation } from './facts';

/** Who writes what, by the key of the item. Of a function's name only its end counts: the stage comes before it. */
const owners: readonly { what: string; is: RegExp; by: RegExp }[] = [
  { what: 'the kill switch', is: /^CONTROL /, by: /^$/ },
  { what: 'the circuit breaker', is: /^FLEET BREAKER$/, by: /-plan-action$/ },
  {
    what: 'a turn',
    is: /^(TURNS|FLEET) TURN#/,
    by: /-(take-out-of-service|put-back-in-service|close-incident|close-orphan)$/,
  },
  {
    what: 'a place where starts fail',
    is: /^(PLACES|FLEET) PLACES$/,
    by: /-(start-instance|put-back-in-service|close-incident|close-orphan)$/,
  },
  { what: 'the count of a storm', is: /^(FLEET STORM|STORM#)/, by: /-open-incident$/ },
  { what: 'the storm of findings', is: /^(FINDING_STORM|FLEET) FINDING_STORM$/, by: /-tell-finding$/ },
  {
    what: 'the storm of suspicions',
    is: /^(SUSPICION_STORM|FLEET) SUSPICION_STORM$/,
    by: /-(score-batch|sweep-alarms)$/,
  },
  {
    what: 'the pace of enrolment',
    is: /^(ENROLMENT|FLEET) ENROLMENT_PACE$/,
    by: /-(enrol-instance|reconcile-alarms)$/,
  },
  { what: 'whom people were asked about', is: /^ISOLATIONS /, by: /-plan-isolation$/ },
  { what: 'the count of ends alike', is: /^DIGESTS /, by: /-(close-incident|record-rejection)$/ },
  {
    what: 'a block',
    is: /^BLOCKS /,
    by: /-(reserve-block|add-acl-entry|add-ip-set-entry|judge-block|remove-expired-blocks)$/,
  },
  { what: 'the group of a request for blocks', is: /^BLOCK_GROUPS /, by: /-group-blocks$/ },
  { what: 'an approval', is: /^(APPROVAL#\S+ |INCIDENT#\S+ APPROVAL#)/, by: /-(ask|expire|answer)-approval$/ },
  { what: 'evidence', is: /^(EVIDENCE|INCIDENT)#\S+ EVIDENCE#/, by: /-save-evidence$/ },
  {
    what: 'a state that was saved before a change',
    is: /^(EVIDENCE|INCIDENT)#\S+ ENTRY#changed#/,
    by: /-(mark-instance|protect-from-scale-in|protect-instance|prepare-quarantine|quarantine-interface|detach-address|swap-profile|switch-metadata-off|revoke-sessions)$/,
  },
];

const writes = ['PutItem', 'UpdateItem', 'DeleteItem'];

/** N: approvals, kill switch, circuit breaker and evidence are written by their owners alone. */
export function onlyByOwners({ calls }: RunFacts): Violation[] {
  return calls
    .filter(
      ({ service, command, caller, result }) =>
        service === 'dynamodb' && writes.includes(command) && caller && result === 'ok',
    )
    .flatMap((call) => {
      const key = keyOf(call);
      const owner = owners.find(({ is }) => is.test(key));
      const by = call.caller?.functionName ?? '';
      if (!owner || owner.by.test(by)) return [];
      return [{ invariant: 'N', what: `${by} wrote ${owner.what} (call ${call.seq})` } as const];
    });
}

/** Partition key and sort key of the item that a call writes, as DynamoDB's own client sends them. */
export function keyOf({ input }: CallFact): string {
  const { Item, Key } = input as { Item?: Record<string, unknown>; Key?: Record<string, unknown> };
  const text = (value: unknown) => (typeof value === 'string' ? value : String((value as { S?: string })?.S ?? ''));
  return `${text((Item ?? Key)?.pk)} ${text((Item ?? Key)?.sk)}`;
}
