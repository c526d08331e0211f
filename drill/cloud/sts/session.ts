import type { Environment } from '../environment';
import type { Statement } from '../iam/statement';

/** A session of a role, as its access key stands for it. */
export interface Session {
  readonly accessKeyId: string;
  readonly account: string;
  readonly roleArn: string;
  readonly roleName: string;
  readonly sessionName: string;
  readonly sourceIdentity?: string | undefined;
  readonly tags: ReadonlyMap<string, string>;
  /** What the role's policies allow. */
  readonly granted: readonly Statement[];
  /** The session policy: what the session may do is what both allow. */
  readonly policy?: readonly Statement[] | undefined;
  /** Epoch milliseconds. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The access keys that the simulated STS has issued, of all accounts. */
export class IssuedKeys {
  private readonly sessions = new Map<string, Session>();

  constructor(private readonly random: Environment['random']) {}

  /** Issues the key of a session. Source: IAM user guide, "IAM identifiers": those of temporary credentials begin with ASIA. */
  issue(session: Omit<Session, 'accessKeyId'>): Session {
    const drawn = Array.from({ length: 16 }, () => letters[Math.floor(this.random() * letters.length)]).join('');
    const issued = { ...session, accessKeyId: `ASIA${drawn}` };
    this.sessions.set(issued.accessKeyId, issued);
    return issued;
  }

  /** Takes away what the sessions in an account may do. */
  disallow(account: string): void {
    this.change(account, { granted: [] });
  }

  /** Ends the sessions in an account before their time. */
  expire(account: string): void {
    this.change(account, { expiresAt: Date.now() });
  }

  private change(account: string, change: Partial<Session>): void {
    for (const [key, session] of this.sessions)
      if (session.account === account) this.sessions.set(key, { ...session, ...change });
  }

  /** The session of a key, also one that has expired. */
  find(accessKeyId: string): Session | undefined {
    return this.sessions.get(accessKeyId);
  }
}

/** The ARN of a session itself, as errors and GetCallerIdentity name it. Source: IAM user guide, "IAM identifiers". */
export const sessionArn = (roleArn: string, sessionName: string): string =>
  `${roleArn.replace(/:iam::(\d+):role\//, ':sts::$1:assumed-role/')}/${sessionName}`;

/** What a session shows of itself in the condition keys of a request. Source: IAM user guide, "AWS global condition context keys". */
export function valuesOfSession(session: Session): (key: string) => readonly string[] {
  const tag = 'aws:principaltag/';
  return (key) => {
    if (key.startsWith(tag)) {
      const wanted = key.slice(tag.length);
      return [...session.tags].flatMap(([name, value]) => (name.toLowerCase() === wanted ? value : []));
    }
    switch (key) {
      case 'aws:principalarn':
        return [session.roleArn];
      case 'aws:principalaccount':
        return [session.account];
      case 'aws:sourceidentity':
        return session.sourceIdentity === undefined ? [] : [session.sourceIdentity];
      default:
        return [];
    }
  };
}
