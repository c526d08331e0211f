import { forEachPlace } from '../place/for-each-place';
import { isListed, kept, ownPlace, type Place, type Scope } from '../place/place';
import { mostSeries, type NotRead, notReadOf, tooManyWhy, unfitWhy } from './not-read';
import { type Reading, readSeries } from './read-series';
import type { PlacedAlarm } from './record';
import type { AlarmSeries } from './replay';

/** The metrics of alarms in several places, and which are not known. */
export interface Readings {
  series: AlarmSeries[];
  notRead: NotRead[];
}

/**
 * Reads the metrics of alarms, each in its own place. A place that cannot be read fails alone; one without an alarm to read is
 * not entered.
 * @param alarms those that matter most first: no more than `mostSeries` are read
 * @param run what the run is called: it names its sessions in each place's trail
 * @throws what reading the stage's own account threw, in a stage without others
 */
export async function readPlaces(
  alarms: readonly PlacedAlarm[],
  scope: Scope,
  run: string,
  reading: Reading,
): Promise<Readings> {
  const placeOf = (alarm: PlacedAlarm): Place => alarm.place ?? ownPlace(scope);
  const isKnown = (alarm: PlacedAlarm) => isListed(placeOf(alarm), scope);
  const listed = alarms.filter(isKnown);
  const toRead = listed.slice(0, mostSeries);
  const inPlace = ({ account, region }: Place) =>
    toRead.filter((alarm) => placeOf(alarm).account === account && placeOf(alarm).region === region);
  const { found, unknown } = await forEachPlace(scope, run, async (place) => {
    const mine = inPlace(place);
    const names = mine.map(({ alarmName }) => alarmName);
    const { series, unfit, late } = await readSeries(names, reading);
    const placed = (some: readonly string[]) => some.map((alarmName) => ({ alarmName, ...kept(place, scope) }));
    return {
      series: series.map((one) => ({ ...one, ...kept(place, scope) })),
      notRead: [...notReadOf(placed(unfit), unfitWhy), ...notReadOf(placed(late), 'there was no time')],
    };
  });
  return {
    series: found.flatMap(({ found: { series } }) => series),
    notRead: [
      ...unknown.flatMap(({ why, ...place }) => notReadOf(inPlace(place), why)),
      ...notReadOf(
        alarms.filter((alarm) => !isKnown(alarm)),
        'the stage does not list the account any more',
      ),
      ...found.flatMap(({ found: { notRead } }) => notRead),
      ...notReadOf(listed.slice(mostSeries), tooManyWhy),
    ],
  };
}
