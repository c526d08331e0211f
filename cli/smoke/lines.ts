import type { Colour, Paint } from '../../drill/render/paint';
import { shown } from '../../drill/render/shown';
import { type Line, totalsOf, type Verdict } from '../doctor/line';
import type { Smoke } from './frame';
import { type SmokeReport, smokeWords } from './page';

const colours: Record<Verdict, Colour> = { ok: 'green', warn: 'yellow', fail: 'red', 'not asked': 'dim' };

/** What a run is about, before its first line. Pure. */
export const headLine = ({ stage, place, instanceId, runId }: Smoke, paint: Paint): string =>
  paint('bold', shown(`Smoke test of stage ${stage} in ${place.region}, instance ${instanceId}, run ${runId}`));

/** A line as it is known, with what to do below it. Pure. */
export function oneLine({ verdict, what, said, todo }: Line, paint: Paint): string[] {
  const word = (smokeWords[verdict] ?? verdict).padEnd('not asked'.length);
  return [
    `${paint(colours[verdict], word)}  ${what.padEnd(28)}  ${shown(said)}`,
    ...(todo === undefined ? [] : [`${' '.repeat(word.length + 2)}→ ${shown(todo)}`]),
  ];
}

/** How a run went, in one line. Pure. */
export const totals = ({ lines, isInterrupted }: SmokeReport): string =>
  `${isInterrupted ? 'Stopped by Ctrl-C: ' : ''}${totalsOf(lines) || 'nothing was asked'}`;
