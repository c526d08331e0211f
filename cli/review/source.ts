import { type Recorded, readRecords } from '../../drill/records/read';
import { mostSeries, type NotRead, notReadOf, tooManyWhy, unfitWhy } from '../../functions/review/not-read';
import { readIncidents } from '../../functions/review/read-incidents';
import { readSeries } from '../../functions/review/read-series';
import { alarmIn, alarmOf, type PlacedAlarm, type ReviewRecord } from '../../functions/review/record';
import { alarmsToRead } from '../../functions/review/review';
import { askStage } from '../ask-stage';
import { accountOf } from '../incidents/records';
import { assertListed, NoSuchAccountError, readAccountIds } from '../stage-accounts';

/** Whose incidents to review. */
interface Whose {
  stage: string;
  account?: string | undefined;
}

/** What a review is made from. */
export interface Source extends Recorded {
  notRead: NotRead[];
}

const notYours =
  'your credentials are not of this account, and its role for reading trusts the functions of the stage alone: the notice of the weekly review has its proposals';

/**
 * Reads a stage's records from its table and its alarms' metrics from CloudWatch, with the caller's credentials, which are of
 * the stage's own account. Read-only.
 * @throws StageCallError; NoSuchAccountError for an account that the stage does not look after
 */
export async function readStage({ stage, account }: Whose, from: Date, until: Date): Promise<Source> {
  const tableName = `incident-playbooks-${stage}-incidents`;
  const all = await askStage(`Stage ${stage} could not be read from ${tableName}`, () =>
    readIncidents(tableName, from, until),
  );
  const records = account === undefined ? all : await ofAccount(account, all, stage);
  const alarms = alarmsToRead(records);
  const [own, others] = [alarms.filter(({ place }) => !place), alarms.filter(({ place }) => place)];
  const names = own.slice(0, mostSeries).map(({ alarmName }) => alarmName);
  const { series, unfit } = await askStage(`The metrics of stage ${stage} could not be read`, () =>
    readSeries(names, { from, until }),
  );
  const notRead = [
    ...notReadOf(others, notYours),
    ...notReadOf(
      unfit.map((alarmName) => ({ alarmName })),
      unfitWhy,
    ),
    ...notReadOf(own.slice(mostSeries), tooManyWhy),
  ];
  return { records, series, notRead, remarks: [] };
}

async function ofAccount(account: string, records: readonly ReviewRecord[], stage: string): Promise<ReviewRecord[]> {
  const accounts = await readAccountIds(stage);
  assertListed(account, accounts, stage);
  const [own] = accounts;
  return records.filter(({ place }) => (place?.account ?? own) === account);
}

/** Reads a file, which has the list of no stage: an account that has nothing in it is a mistake. @throws RecordsError, NoSuchAccountError */
export async function readFile(file: string, account: string | undefined): Promise<Source> {
  const recorded = await readRecords(file);
  if (account === undefined) return { ...recorded, notRead: [] };
  const records = recorded.records.filter((one) => accountOf(one) === account);
  if (records.length > 0) {
    const series = recorded.series.filter((one) => records.some((record) => isOf(record, one)));
    return { ...recorded, records, series, notRead: [] };
  }
  const all = [...new Set(recorded.records.map(accountOf))].filter((one) => one !== undefined).sort();
  const others = all.length > 0 ? `, but of ${all.join(', ')}` : '';
  throw new NoSuchAccountError(`--account ${account}: ${file} has no incident of this account${others}`);
}

const isOf = (record: ReviewRecord, alarm: PlacedAlarm) => {
  const own = alarmOf(record);
  return own !== undefined && alarmIn(own) === alarmIn(alarm);
};
