import { plural } from '../../functions/shared/plural';
import { at, breakerLine, failingLine, isolatedLine, type Line, stormsLine } from './line';
import { type AccountStatus, isUnknown, type Status } from './status';

/** Enrolment compares an account every quarter of an hour: after an hour without, something is wrong. */
const lateMs = 3_600_000;

const notRead =
  'not read: your credentials are not of this account, and its roles trust the functions of the stage alone';

/** Of a stage that has several accounts: what its records say of each, and what they cannot say. */
export function accountLines(status: Status): Line[] {
  const { accounts = [], notRead: others = [] } = status;
  const quiet = accounts.filter((one) => isQuiet(one, status));
  const many = quiet.length > shownQuiet;
  const lines = accounts.filter((one) => !many || !quiet.includes(one)).map((one) => summary(one, status));
  return [
    ...lines,
    ...(many ? [['other accounts', `${plural(quiet.length, 'account')} with nothing open`, false] satisfies Line] : []),
    ...(others.length > 0
      ? [['not read', `which instances are isolated in ${others.join(', ')}`, false] satisfies Line]
      : []),
  ];
}

/** Of so many accounts with nothing to tell, each has a line; of more they are counted. */
const shownQuiet = 10;

/** Whether a person needs to look at nothing in it. */
const isQuiet = (one: AccountStatus, status: Status) =>
  one.open.length + one.leases.length + one.places.length === 0 && !isBad(one, status);

const isLate = ({ comparedAt }: AccountStatus, status: Status) =>
  comparedAt !== undefined && Date.parse(status.at) - Date.parse(comparedAt) > lateMs;

/** Since people were told that it cannot be reached, it has not been compared as a whole. */
const isOutOfReach = ({ unreachable, comparedAt = '' }: AccountStatus) =>
  unreachable !== undefined && unreachable.at > comparedAt;

const isFull = ({ breaker }: AccountStatus) => !isUnknown(breaker) && breaker.used >= breaker.limit;
const stormsIn = ({ storms }: AccountStatus) => (isUnknown(storms) ? [] : storms);
const isBad = (one: AccountStatus, status: Status) =>
  isOutOfReach(one) || isLate(one, status) || isFull(one) || stormsIn(one).length > 0;

function summary(one: AccountStatus, status: Status): Line {
  const { account, open, leases, places } = one;
  const said = [
    open.length > 0 ? `${plural(open.length, 'incident')} open` : 'nothing open',
    ...(leases.length > 0 ? [plural(leases.length, 'lease')] : []),
    ...(isFull(one) ? ['circuit breaker open'] : []),
    ...stormsIn(one).map((storm) => `storm of ${storm}`),
    ...places.map(({ place }) => `starts fail in ${place}`),
    contact(one),
  ];
  return [`account ${account}`, said.join(', '), isBad(one, status)];
}

/** When it was last heard of, by what the stage itself wrote down. */
function contact(one: AccountStatus): string {
  const { comparedAt, unreachable } = one;
  const compared = comparedAt ? `last compared ${at(comparedAt)}` : 'not compared as a whole yet';
  if (!unreachable) return compared;
  const told = `told as unreachable ${at(unreachable.at)} (${unreachable.incidentId})`;
  return isOutOfReach(one) ? `${told}, ${compared}` : `${compared}, before that ${told}`;
}

/** Everything that is known of one account. */
export function oneAccount(account: string, status: Status): Line[] {
  const [one] = status.accounts ?? [];
  if (!one) return [];
  const isOwn = !status.notRead?.includes(account);
  const { open, leases } = one;
  const incidents = open.map(({ incidentId, playbook, instanceId }) =>
    [incidentId, playbook, instanceId].filter(Boolean).join(' '),
  );
  return [
    breakerLine(one.breaker),
    stormsLine(one.storms),
    failingLine(one.places),
    ['open incidents', incidents.join(', ') || 'none', false],
    [
      'leases',
      leases
        .map(({ instanceId, incidentId, until }) => `${instanceId} (${incidentId}) until ${at(until)}`)
        .join(', ') || 'none',
      false,
    ],
    ['contact', contact(one), isOutOfReach(one) || isLate(one, status)],
    isOwn ? isolatedLine(status.isolated) : ['isolated', notRead, false],
  ];
}
