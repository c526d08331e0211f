/** How long a machine may run, and how much of that is for approvals. */
export interface Ceiling {
  machine: string;
  /** `TimeoutSeconds` of the machine. */
  seconds: number;
  /** Time that the steps may need in addition: their own time limits, retries and waits. */
  restSeconds: number;
  /** Params with the time that it waits for a person. */
  asks: ('approvalSeconds' | 'sessionsApprovalSeconds')[];
  holdsLease: boolean;
}

/** The machines that wait for people or hold an instance's lease; tests compare them with statemachines/. */
export const ceilings: readonly Ceiling[] = [
  { machine: 'restart-instance', seconds: 14_400, restSeconds: 14_400, asks: [], holdsLease: true },
  {
    machine: 'isolate-instance',
    seconds: 10_800,
    restSeconds: 5_400,
    asks: ['approvalSeconds', 'sessionsApprovalSeconds'],
    holdsLease: true,
  },
  {
    machine: 'release-instance',
    seconds: 12_600,
    restSeconds: 7_200,
    asks: ['approvalSeconds'],
    holdsLease: true,
  },
  { machine: 'block-traffic', seconds: 10_800, restSeconds: 5_400, asks: ['approvalSeconds'], holdsLease: false },
  { machine: 'host-maintenance', seconds: 9_000, restSeconds: 4_500, asks: ['approvalSeconds'], holdsLease: false },
  { machine: 'patch-instance', seconds: 14_400, restSeconds: 9_900, asks: ['approvalSeconds'], holdsLease: true },
];

/** The params of a stage that affect the time limits. */
interface Times {
  approvalSeconds: number;
  sessionsApprovalSeconds: number;
  revokeSessions: 'never' | 'ask';
  /** A number, possibly as text. */
  leaseMinutes: number | string;
}

/**
 * Conflicts between times that are valid individually, one line each, starting with the field. Otherwise a late yes
 * could let a machine time out between two changes, and a lease that ends early would let another incident in.
 */
export function conflictsOf(params: Times): string[] {
  return [...ceilings.flatMap((ceiling) => tooLate(ceiling, params)), ...tooShort(params)];
}

function tooLate({ machine, seconds, restSeconds, asks }: Ceiling, params: Times): string[] {
  const asked = asks.filter((name) => name === 'approvalSeconds' || params.revokeSessions === 'ask');
  const waits = asked.reduce((sum, name) => sum + params[name], 0);
  const left = seconds - restSeconds;
  if (waits <= left) return [];
  const together = asked.length > 1 ? ' together' : '';
  return [
    `${asked.join(' and ')}: must be at most ${left}${together}; ${machine} times out after ${seconds} s, and its steps may need ${restSeconds} s`,
  ];
}

function tooShort({ leaseMinutes }: Times): string[] {
  const holding = ceilings.filter(({ holdsLease }) => holdsLease);
  const longest = Math.max(...holding.map(({ seconds }) => seconds));
  if (Number(leaseMinutes) * 60 >= longest) return [];
  const machines = holding.filter(({ seconds }) => seconds === longest).map(({ machine }) => machine);
  return [`leaseMinutes: must be at least ${longest / 60}, the time that ${machines.join(' and ')} may run`];
}
