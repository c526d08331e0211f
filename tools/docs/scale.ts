import type { Assembled } from '../../packaging/frame';
import { table } from './markdown';
import { type Paces, pacesOf, quotaOf, sum } from './scale-figures';

const made =
  '<!-- Made by `npm run docs` from tools/docs/scale.ts and the constants of functions/ and statemachines/ -->';

/** A fleet: instances, and the accounts that they are in, of equal size. */
interface Fleet {
  instances: number;
  accounts: number;
}

const fleets: readonly Fleet[] = [
  { instances: 10, accounts: 1 },
  { instances: 1_000, accounts: 1 },
  { instances: 100_000, accounts: 100 },
];
const n = (value: number) => value.toLocaleString('en-US');
const titleOf = ({ instances, accounts }: Fleet) =>
  `${n(instances)} in ${accounts === 1 ? 'one account' : `${n(accounts)} accounts`}`;

/** Prices of docs/cost.md, in USD. */
const price = { alarm: '0.10', metricRead: '0.00001', transition: '0.000025', request: '0.00001' };
/** What windows in S3 would cost, as prices of its requests, and points a second that CloudWatch gives of old times and new. */
const windows = { put: '0.000005', get: '0.0000004', oldPoints: 396_000, newPoints: 180_000 };
/** Transitions of a thousand alarms at once, as the scenario `storm` takes them (docs/cost.md). */
const stormTransitions = 7.4;
/** Write units of a record in an index: it is opened and closed, with up to 2 kB. */
const unitsOfRecord = 4;

/** The page on how far it goes. Pure; ends with a line break. */
export function scalePage(machines: ReadonlyMap<string, Assembled>): string {
  const paces = pacesOf(machines);
  const blocks = [
    '# Scale',
    made,
    'What a stage does with 10, 1,000 and 100,000 opted-in instances, against the quotas of AWS, and which limit comes first. A test works out every sum again, and takes the paces from the code. `npm run bench:fleet` lets 10,000 instances in 20 accounts, with a storm of 5,000 alarms in one of them, run through the packaged stack in about ten minutes, and prints the calls of each action against its quota.',
    '## Quotas',
    'Defaults of an account and region, as of 2026-11. Most can be raised; the paces below stay under them, so that people and other tools have some left.',
    table(['what', 'quota', 'source'], quotas()),
    '## An account',
    'Calls to EC2 and CloudWatch count in the account of the instances, so accounts do not add up.',
    table(['what', ...fleets.map(titleOf), 'under'], accountRows(paces)),
    `Alarms are changed one after the other in an account, by all functions together (\`ENROLMENT_PACE\`). A comparison goes over the instances and then over the alarms that are there, ${n(paces.namesACall)} alarms a call; how far it came is in the table, so an invocation ends after three minutes and the next one goes on there.`,
    '## A cell',
    table(['what', ...fleets.map(titleOf), 'under'], cellRows(paces)),
    `A storm is a twentieth of the fleet in ALARM within a minute. Every alarm starts an execution, so that it has a record; one parent incident stands for all of them. Records of a month are in ${paces.shards} partitions of the index, by a hash of the incident.`,
    '## Money, per month of 730 hours',
    table(['what', ...fleets.map(titleOf)], moneyRows(paces)),
    'Alarms are nearly all of it. What stays the same at any size is in [cost.md](cost.md).',
    '## Why patrols read 14 days anew',
    'A patrol could keep the points of each instance in S3, a window an instance, and read from CloudWatch what is new. By these sums it does not:',
    table(['what, in an hour or a month', ...fleets.map(titleOf), 'under'], windowRows(paces)),
    `A whole read needs little of the hour that the quota gives an account, and the limit of an account stays the time of a patrol. GetMetricData is priced by metrics requested, not by points, so windows save no money and add S3's requests. They would also be a second copy, that can be old: CloudWatch takes points up to two weeks late, which a window does not see. [Why](adr/0013-patrols-of-many-accounts.md).`,
    '## What is reached first',
    table(['limit', 'sum', 'what happens then'], limits(paces)),
    `The first line is met once, when a large account opts in. The patrol, and its sweep of alarms that are left, look at all accounts; one that cannot be reached is named as unknown. Batches of all accounts are mixed, and so many run at once that none has more than ${paces.batchesAtOnce}: the largest account sets the time, and beside others it has one fewer. A patrol comes by every hour up to those two lines: beyond them it takes longer than its \`TimeoutSeconds\`, ends red and pages; alarms, enrolment and playbooks go on. Opt in fewer instances, raise the quota of datapoints, or change the rule \`PatrolFleetRule\` and the machine's \`TimeoutSeconds\` to patrol less often.`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

function quotas(): string[][] {
  const cloudWatch = 'CloudWatch user guide, "CloudWatch service quotas"';
  const states = 'Step Functions developer guide, "Service quotas"';
  return [
    ['PutMetricAlarm, DeleteAlarms', `${quotaOf('PutMetricAlarm')} a second each`, cloudWatch],
    ['DescribeAlarms', `${quotaOf('DescribeAlarms')} a second`, cloudWatch],
    [
      'GetMetricData',
      `${quotaOf('GetMetricData')} a second; 396,000 datapoints a second older than three hours, 180,000 younger`,
      cloudWatch,
    ],
    ['alarms', 'no limit', cloudWatch],
    ['Describe calls of EC2', '100, and 20 a second', 'EC2 API reference, "Request throttling"'],
    ['StartExecution', '1,300, and 300 a second (us-east-1, us-west-2, eu-west-1); else 800, and 150', states],
    ['state transitions', '5,000 a second in those regions; else 800', states],
    [
      'invocations of EventBridge',
      '18,750 a second in those regions; else from 750',
      'EventBridge user guide, "EventBridge quotas"',
    ],
    ['a partition of a table or index', '1,000 write units a second', 'DynamoDB developer guide, "Service quotas"'],
  ];
}

const over = (cells: (fleet: Fleet) => string) => fleets.map(cells);
const ofAccount = ({ instances, accounts }: Fleet) => n(instances / accounts);

function accountRows(p: Paces): string[][] {
  const calls = (fleet: Fleet) => `2 × ceil(${ofAccount(fleet)} × ${p.alarmsEach} / ${p.namesACall})`;
  return [
    ['instances', ...over((fleet) => sum(`${n(fleet.instances)} / ${fleet.accounts}`)), ''],
    [
      'creating all alarms, once',
      ...over((fleet) => sum(`${ofAccount(fleet)} × ${p.alarmsEach} × ${p.changeSeconds}`, { unit: 's' })),
      `PutMetricAlarm: ${sum(`1 / ${p.changeSeconds}`, { digits: 1 })} of ${quotaOf('PutMetricAlarm')} a second`,
    ],
    [
      'a comparison: DescribeInstances',
      ...over((fleet) => sum(`ceil(${ofAccount(fleet)} / ${p.instancesAPage})`)),
      'no pace needed',
    ],
    [
      'a comparison: DescribeAlarms',
      ...over((fleet) => sum(calls(fleet))),
      `${sum(`1 / ${p.alarmPageSeconds}`)} of ${quotaOf('DescribeAlarms')} a second`,
    ],
    [
      'its time',
      ...over((fleet) => sum(`${calls(fleet)} × ${p.alarmPageSeconds}`, { digits: 1, unit: 's' })),
      'every 900 s',
    ],
  ];
}

function cellRows(p: Paces): string[][] {
  const batches = (fleet: Fleet) => `${fleet.accounts} × ceil(${ofAccount(fleet)} / ${p.batchSize})`;
  const storm = ({ instances }: Fleet) => `ceil(${n(instances)} / 20)`;
  return [
    [
      `comparing all accounts, ${p.placesAtOnce} at once`,
      ...over((fleet) => {
        const one = `2 × ceil(${ofAccount(fleet)} × ${p.alarmsEach} / ${p.namesACall}) × ${p.alarmPageSeconds}`;
        return sum(`ceil(${fleet.accounts} / ${p.placesAtOnce}) × ${one}`, { digits: 1, unit: 's' });
      }),
      `every ${p.roundSeconds} s`,
    ],
    ['batches of a patrol, each of one account', ...over((fleet) => sum(batches(fleet))), '10,000 child executions'],
    [
      `a patrol, up to ${p.batchesAtOnce} batches of an account and ${p.batchesOfAll} of all at once, each ${p.pagesOfBatch} requests of 14 days`,
      ...over((fleet) => {
        const atOnce = fleet.accounts === 1 ? p.batchesAtOnce : p.batchesOfAll;
        return sum(`ceil(${batches(fleet)} / ${atOnce}) × ${p.pagesOfBatch} × ${p.pointPageSeconds}`, { unit: 's' });
      }),
      `its limit of ${n(p.patrolSeconds)} s`,
    ],
    [
      `a weekly review: metrics of up to ${p.alarmsOfReview} alarms with incidents, ${p.alarmsOfRequest} a request, ${p.placesReadAtOnce} accounts at once`,
      ...over(({ instances, accounts }) => {
        const each = Math.min(p.alarmsOfReview, instances * p.alarmsEach) / accounts;
        const turns = `ceil(${accounts} / ${p.placesReadAtOnce}) × ceil(${each} / ${p.alarmsOfRequest})`;
        return sum(`${turns} × ${p.pointPageSeconds}`, { digits: 1, unit: 's' });
      }),
      `its limit of ${p.reviewSeconds} s`,
    ],
    ['a storm: executions', ...over((fleet) => sum(storm(fleet))), '1,300, and 300 a second'],
    ['a storm: transitions', ...over((fleet) => sum(`${storm(fleet)} × ${stormTransitions}`)), '5,000 a second'],
    [
      'a storm: write units a second in a partition of the index',
      ...over((fleet) => sum(`${storm(fleet)} × ${unitsOfRecord} / 60 / ${p.shards}`, { digits: 1 })),
      '1,000',
    ],
  ];
}

function moneyRows(p: Paces): string[][] {
  const dollars = (text: string) => sum(text, { digits: 2, before: '$' });
  return [
    ['alarms', ...over(({ instances }) => dollars(`${n(instances)} × ${p.alarmsEach} × ${price.alarm}`))],
    [
      'metrics that the patrol reads',
      ...over((fleet) => dollars(`${n(fleet.instances)} × ${p.metrics} × 730 × ${price.metricRead}`)),
    ],
    [
      'child executions of the patrol: transitions, two a batch',
      ...over(({ accounts, instances }) =>
        dollars(`${accounts} × ceil(${n(instances / accounts)} / ${p.batchSize}) × 2 × 730 × ${price.transition}`),
      ),
    ],
    [
      'DescribeAlarms, four comparisons an hour',
      ...over((fleet) =>
        dollars(
          `${fleet.accounts} × 2 × ceil(${ofAccount(fleet)} × ${p.alarmsEach} / ${p.namesACall}) × 4 × 730 × ${price.request}`,
        ),
      ),
    ],
    [
      'a storm a month: transitions',
      ...over(({ instances }) => dollars(`ceil(${n(instances)} / 20) × ${stormTransitions} × ${price.transition}`)),
    ],
  ];
}

/** What a whole read takes of an account's quota of points, and what windows in S3 would change. */
function windowRows(p: Paces): string[][] {
  const dollars = (text: string) => sum(text, { digits: 2, before: '$' });
  const secondsOf = (fleet: Fleet, points: number, aSecond: number) =>
    sum(`${ofAccount(fleet)} × ${p.metrics} × ${n(points)} / ${n(aSecond)}`, { digits: 1, unit: 's' });
  return [
    [
      'the quota of points of an account, for whole reads',
      ...over((fleet) => secondsOf(fleet, p.pointsOfMetric, windows.oldPoints)),
      '3,600 s',
    ],
    ['the same, for new points alone', ...over((fleet) => secondsOf(fleet, p.newPoints, windows.newPoints)), '3,600 s'],
    [
      'metrics requested, either way',
      ...over(({ instances }) => dollars(`${n(instances)} × ${p.metrics} × 730 × ${price.metricRead}`)),
      '',
    ],
    [
      'a read and a write of a window, an instance and hour',
      ...over(({ instances }) => dollars(`${n(instances)} × 730 × (${windows.put} + ${windows.get})`)),
      '',
    ],
  ];
}

/** The limits in the order in which a growing fleet reaches them, in instances. */
function limits(p: Paces): string[][] {
  const patrol = (atOnce: number) =>
    `${n(p.patrolSeconds)} / (${p.pagesOfBatch} × ${p.pointPageSeconds}) × ${atOnce} × ${p.batchSize}`;
  const compare = `${p.roundSeconds} / ${p.alarmPageSeconds} / 2 × ${p.namesACall} / ${p.alarmsEach}`;
  const enrol = `${n(p.runSeconds)} / ${p.changeSeconds} / ${p.alarmsEach}`;
  return [
    [
      'an account enrolled in one run',
      sum(enrol, { unit: 'instances of an account' }),
      'the run ends red, and the next one goes on',
    ],
    [
      'a patrol of one account within its time',
      sum(patrol(p.batchesAtOnce), { unit: 'instances of an account' }),
      'the patrol ends red, and pages',
    ],
    [
      'an account compared within 15 minutes',
      sum(compare, { unit: 'instances of an account' }),
      'comparisons come round less often',
    ],
    [
      'a patrol of all accounts within its time',
      sum(patrol(p.batchesOfAll), { unit: 'instances of all accounts' }),
      'the patrol ends red, and pages',
    ],
    [
      'alarms with incidents in a weekly review',
      `\`${p.alarmsOfReview}\`, noisy ones first, accounts in turn`,
      'the review names the others, and proposes no threshold for them',
    ],
    [
      'alarms that start an execution',
      '`300` a second, after the first `1,300`',
      'EventBridge tries again for an hour',
    ],
    [
      'incidents of a month in its index',
      `${sum(`${p.shards} × 1,000 / ${unitsOfRecord}`)} a second; in one partition it was ${sum(`1,000 / ${unitsOfRecord}`)}`,
      'the table is throttled, and steps try again',
    ],
    [
      'events of the product that are due, in one partition',
      `${sum(`1,000 / ${unitsOfRecord}`)} incidents a second: two events each are written and removed`,
      'the same',
    ],
  ];
}
