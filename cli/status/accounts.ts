import { placeName, readRounds } from '../../functions/enrolment/rounds';
import type { Slot } from '../../functions/guard/circuit-breaker';
import { readFailingPlaces } from '../../functions/guard/failing-places';
import { readGuard } from '../../functions/guard/lease';
import { suspicionKeyOf } from '../../functions/patrol/suspicion-key';
import { subjectOfPlace } from '../../functions/patrol/unknown-places';
import { inPlace, stayIn } from '../../functions/place/in-place';
import { isOwn, type Place, type Scope } from '../../functions/place/place';
import { atOnce } from '../../functions/shared/at-once';
import { readItem } from '../../functions/shared/clients/table';
import type { Config } from '../../functions/shared/config';
import { accountOf, type IncidentRecord } from '../incidents/records';
import { breakerOf, readStorms, type Settings, stormsOf } from './guards';
import type { AccountStatus } from './status';

/** How far back records are read: no execution takes as long, so nothing older is still open. */
export const recordsMs = 7 * 86_400_000;

const accountsRead = 16;
const leasesRead = 16;

/** What the accounts' status is made from. */
export interface OfStage {
  config: Config;
  settings: Settings;
  scope: Scope;
  /** Those of the last days, the newest first. */
  records: readonly IncidentRecord[];
  slots: readonly Slot[];
  now: Date;
}

/** What the stage's own records say of each of some places; nothing is asked of the accounts themselves. */
export async function readAccounts(places: readonly Place[], stage: OfStage): Promise<AccountStatus[]> {
  const rounds = await readRounds(stage.config);
  return atOnce(places, accountsRead, (place) =>
    inPlace(stayIn(place, stage.scope, 'status'), async () => {
      const { config, settings, scope, slots, now } = stage;
      const { account } = place;
      const own = stage.records.filter((one) => accountOf(one) === account);
      const open = own.filter(({ status }) => status === 'OPEN');
      return {
        account,
        open: open.map(({ incidentId, playbook, instanceId }) => ({ incidentId, playbook, instanceId })),
        leases: await leasesOf(open, stage),
        breaker: breakerOf(slots, isOwn(place, scope) ? undefined : account, settings, now, scope.accounts.length > 1),
        storms: stormsOf(await readStorms(config), settings, now),
        places: await readFailingPlaces(now, config),
        comparedAt: rounds.get(placeName(place))?.round?.doneAt,
        unreachable: await lastUnreachable(place, own, stage),
      };
    }),
  );
}

async function leasesOf(open: readonly IncidentRecord[], { config, now }: OfStage): Promise<AccountStatus['leases']> {
  const instanceIds = [...new Set(open.flatMap(({ instanceId }) => instanceId ?? []))];
  const found = await atOnce(instanceIds, leasesRead, async (instanceId) => {
    const { holder, leaseUntil = '' } = await readGuard(instanceId, config);
    return holder !== undefined && leaseUntil > now.toISOString()
      ? [{ instanceId, incidentId: holder, until: leaseUntil }]
      : [];
  });
  return found.flat();
}

/** The last time that an incident or a patrol told people that an account cannot be reached. */
async function lastUnreachable(
  place: Place,
  own: readonly IncidentRecord[],
  { config, scope }: OfStage,
): Promise<AccountStatus['unreachable']> {
  const ended = own.filter(({ code }) => code === 'place-unreachable');
  const ofIncidents = ended.map(({ incidentId, closedAt, openedAt }) => ({ incidentId, at: closedAt ?? openedAt }));
  const told = isOwn(place, scope)
    ? undefined
    : await inPlace(undefined, () => readItem(suspicionKeyOf(subjectOfPlace(place)), config));
  const ofPatrol = told ? [{ incidentId: String(told.incidentId), at: String(told.toldAt) }] : [];
  return [...ofIncidents, ...ofPatrol].sort((a, b) => b.at.localeCompare(a.at))[0];
}
