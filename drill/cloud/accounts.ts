import { UnmodelledInputError } from './errors';
import { Ledger } from './ledger';
import type { Call } from './service';
import { StsModel } from './sts/model';
import type { Principal } from './sts/roles';
import { IssuedKeys, type Session } from './sts/session';

/** An account in one region. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** With what a client signs a call, as far as it tells where the call goes. */
export interface Signed {
  accessKeyId?: string | undefined;
  region?: string | undefined;
}

/** The credentials of a call are none that the simulated STS knows. */
export class UnknownKeyError extends UnmodelledInputError {}

/** The accounts and regions of one run: one ledger, one STS, and for each place a cloud of its own. */
export class Accounts<Cloud> {
  readonly ledger = new Ledger();
  readonly keys: IssuedKeys;
  readonly sts: StsModel;
  private readonly clouds: { place: Place; cloud: Cloud }[] = [];

  /** @param principalOf who a caller of the own account is, for STS */
  constructor(random: () => number, principalOf: (call: Call) => Principal) {
    this.keys = new IssuedKeys(random);
    this.sts = new StsModel({
      keys: this.keys,
      principalOf: (call) => (call.session ? ofSession(call.session) : principalOf(call)),
    });
  }

  /** Adds a place; the first is the own account, with the region of the cell. */
  add(place: Place, cloud: Cloud): void {
    this.clouds.push({ place, cloud });
  }

  /**
   * Where a call goes: to the account of its access key, in the region that it is sent to. Keys that STS has not issued are
   * the own account's, which answers for every region that is no place of the run.
   * @throws UnknownKeyError
   */
  routeOf({ accessKeyId = '', region }: Signed): { cloud: Cloud; session?: Session } {
    const own = this.clouds[0]!;
    const session = this.keys.find(accessKeyId);
    if (!session && accessKeyId.startsWith('ASIA') && this.clouds.length > 1)
      throw new UnknownKeyError(`The simulated STS has not issued the access key ${accessKeyId}.`);
    const account = session?.account ?? own.place.account;
    const found = this.clouds.find(({ place }) => place.account === account && place.region === region);
    if (found) return { cloud: found.cloud, ...(session && { session }) };
    if (!session) return { cloud: own.cloud };
    throw new UnmodelledInputError(`The run has no place ${account} in ${region}.`);
  }
}

function ofSession({ account, roleArn, granted, policy, sourceIdentity }: Session): Principal {
  return { arn: roleArn, account, policies: policy ? [granted, policy] : [granted], sourceIdentity };
}
