import type { Paint } from '../../drill/render/paint';
import { shown } from '../../drill/render/shown';
import { moment } from '../../drill/report/words';
import { isBehind, liveWords } from '../../packaging/released';
import type { Modes } from './check';
import type { Move } from './plan';
import type { Playbook } from './read';

/** Versions that the list shows of each machine; the rest is counted. */
const shownVersions = 10;

/** Versions and alias of each machine; an alias that is behind is yellow, one that starts nothing is red. Pure. */
export function releaseLines(stage: string, releases: readonly Playbook[], paint: Paint): string[] {
  const behind = releases.filter(isBehind);
  return [
    ...releases.flatMap((one) => [
      paint('bold', shown(`${one.playbook}: live starts ${liveWords(one)}`)),
      ...versionLines(one, paint),
    ]),
    ...(behind.length > 0
      ? [
          paint(
            'yellow',
            `Left behind: ${behind.map(({ playbook }) => shown(playbook)).join(', ')}. To move them forward:`,
          ),
          `  npm run releases -- --stage ${shown(stage)} --to newest`,
        ]
      : []),
  ];
}

function versionLines({ versions, live }: Playbook, paint: Paint): string[] {
  if (live.length === 0)
    return [paint('red', '  there is no alias "live": rules start nothing. Deploy the stage again.')];
  const started = new Map(live.map(({ number, weight }) => [number, weight]));
  const listed = versions.slice(0, shownVersions).map(({ number, publishedAt }, i) => {
    const weight = started.get(number);
    const notes = [
      ...(i === 0 ? ['newest'] : []),
      ...(weight === undefined ? [] : [weight === 100 ? 'live' : `live, ${weight}% of the starts`]),
    ];
    const line = `  ${String(number).padStart(4)}  ${moment(Date.parse(publishedAt))}  ${notes.join(', ')}`.trimEnd();
    return weight === undefined ? line : paint(i === 0 ? 'green' : 'yellow', line);
  });
  const rest = versions.length - listed.length;
  return rest > 0 ? [...listed, `  and ${rest} older`] : listed;
}

/** One move, with the mode if it changes. Pure. */
export function moveLine({ from, to }: Move, { before, after }: Modes): string {
  const mode = before === after ? `mode ${after}` : `mode ${before}, then ${after}`;
  return shown(`${from.playbook}: from ${liveWords(from)} to version ${to.number} (${mode})`);
}
