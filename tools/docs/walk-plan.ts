/** How a walk treats a documented command: run it to the end, run it until it asks for credentials, or skip it with a reason. */
export type Step =
  | { command: string; expects: 'success' | 'no-credentials' }
  | { command: string; expects: 'nothing'; reason: string };

const leftOut: ReadonlyArray<[RegExp, string]> = [
  [/^aws /, 'needs an AWS account; tests/docs/commands.test.ts checks its names and JSON'],
  [/^npm (ci|cit|test)( --ignore-scripts)?$|^\.ci\/run$/, 'installs or tests everything; CI does that'],
  [/^npm run (test:browser|screenshots)$/, 'needs Chromium; CI opens the pages in it'],
  [/ --history /, 'needs an exported execution; tests/drill/replay makes one'],
  [/^npm run walk$/, 'is this walk'],
  [/npm run mutate\b/, 'takes minutes to hours: it runs the unit tests once per changed operator'],
  [/npm run bench\b/, 'takes minutes to an hour and only prints figures'],
  [/\b(NAME|ARN|FILE)\b/, 'has a placeholder for the reader to fill in'],
];

/** Commands that call AWS: those with a stage to read or change, unless their data come from files. */
const asksAws =
  /^npx serverless (deploy|remove)\b|^npm run (kill-switch|approve|review|backtest|drill|incidents|status|releases|doctor|smoke) .*--stage /;

/** Regenerates what earlier commands have changed, so once is not enough. */
const eachTime = /^npm run docs$/;

/**
 * How each documented command is tried, in the order of the pages: once, or each time it occurs.
 * @param commands as written on the pages
 */
export function planWalk(commands: readonly string[]): Step[] {
  const tried = commands.filter((command, at) => eachTime.test(command) || commands.indexOf(command) === at);
  return tried.map((command): Step => {
    const reason = leftOut.find(([pattern]) => pattern.test(command))?.[1];
    if (reason) return { command, expects: 'nothing', reason };
    if (asksAws.test(command)) return { command, expects: 'no-credentials' };
    const isName = /^npm run (approve|new:playbook|compare:package|score)$/.test(command);
    if (isName) return { command, expects: 'nothing', reason: 'only names a command, without its argument' };
    return { command, expects: 'success' };
  });
}
