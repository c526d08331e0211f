import type { Caller } from './caller';
import type { Statement } from './iam/statement';
import type { ServiceName } from './service';

/** What a call shows of the session that it was made in. */
export interface UsedSession {
  accessKeyId: string;
  roleName: string;
  sessionName: string;
  tags: Readonly<Record<string, string>>;
  /** What narrows the session, beside the role's own policies. */
  policy?: readonly Statement[];
}

/** One API call: who made it, what was asked, and what came of it. */
export interface LedgerEntry {
  /** Position in the ledger, from 1. */
  seq: number;
  /** When the call reached the service, in (virtual) milliseconds since the epoch. */
  at: number;
  service: ServiceName;
  /** AWS's name of the action, for instance `StopInstances`. */
  command: string;
  input: unknown;
  caller?: Caller;
  /** Where the call arrived: the account of its credentials, and the region that it was sent to. */
  account: string;
  region: string;
  /** The session of a role of another account with whose key the call was made. */
  session?: UsedSession;
  /** `no-answer`: the caller never heard what came of the call. */
  result: 'ok' | 'error' | 'no-answer';
  errorName?: string;
  /** Whether the action is one that may change something. */
  mutating: boolean;
  /** Whether this call really changed something: stopping an instance that is already stopping does not. */
  effective: boolean;
  /** Ids of the resources the call was about. */
  resources: string[];
}

/** Every API call made to the simulated cloud, in the order of arrival. */
export class Ledger {
  readonly entries: LedgerEntry[] = [];
  /** How many calls were refused because an account's request rate was used up. */
  refusedForRate = 0;

  /** Opens the entry of a call that has just arrived. Until it is closed the call has had no answer. */
  open(
    call: Pick<LedgerEntry, 'service' | 'command' | 'input' | 'caller' | 'mutating' | 'account' | 'region' | 'session'>,
  ): LedgerEntry {
    const entry: LedgerEntry = {
      seq: this.entries.length + 1,
      at: Date.now(),
      ...call,
      result: 'no-answer',
      effective: false,
      resources: [],
    };
    this.entries.push(entry);
    return entry;
  }

  /** The calls of one command, in order. */
  calls(command: string): LedgerEntry[] {
    return this.entries.filter((entry) => entry.command === command);
  }

  /** The calls that really changed something, in order. */
  effects(): LedgerEntry[] {
    return this.entries.filter((entry) => entry.effective);
  }
}
