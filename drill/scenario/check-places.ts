import { isOfFleet } from '../check/by-place';
import { account as ownAccount, region as ownRegion } from '../stack/place';
import type { Check, DrillResult } from './result';
import type { Expectation } from './schema';

type Observed = Pick<DrillResult, 'ledger' | 'instances' | 'places'>;

/** Compares what was done in each place with what a scenario expects of it. Pure. */
export function checkPlaces(expected: NonNullable<Expectation['places']>, observed: Observed): Check[] {
  return expected.flatMap(({ account, region = ownRegion, instanceState, effects, untouched }) => {
    const isHere = (one: { account: string; region: string }) => one.account === account && one.region === region;
    const isOwn = account === ownAccount && region === ownRegion;
    const instances = isOwn ? observed.instances : observed.places.find(isHere)?.instances;
    const calls = observed.ledger.filter((entry) => isHere(entry) && isOfFleet(entry));
    const changes = calls.filter((entry) => entry.caller && entry.effective);
    const where = `${account} in ${region}`;
    const check = (what: string, wanted: unknown, found: unknown): Check => ({
      what: `${what} in ${where}`,
      ok: String(wanted) === String(found),
      expected: String(wanted),
      actual: String(found),
    });
    return [
      ...(instanceState ? [check('state of the instance', instanceState, instances?.[0]?.state)] : []),
      ...Object.entries(effects).map(([command, times]) =>
        check(`${command} with a change`, times, changes.filter((entry) => entry.command === command).length),
      ),
      ...(untouched ? [check('changes', 'none', changes.map(({ command }) => command).join(', ') || 'none')] : []),
      ...(untouched && !isOwn ? [check('calls', 0, calls.length)] : []),
    ];
  });
}
