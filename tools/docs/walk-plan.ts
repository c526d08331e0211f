/** What becomes of a documented command on a walk: run to the end, run up to AWS's door, or left out with a reason. */
export type Step =
  | { command: string; expects: 'success' | 'no-credentials' }
  | { command: string; expects: 'nothing'; reason: string };

const leftOut: ReadonlyArray<[RegExp, string]> = [
  [/^aws /, 'asks an AWS account; its names and JSON are checked by tests/docs/commands.test.ts'],
  [/^npm (ci|cit|test)$|^\.ci\/run$/, 'installs or tests everything, and CI does it'],
  [/^npm run (test:browser|screenshots)$/, 'needs Chromium; CI runs the pages in it'],
  [/ --history /, 'needs an export of an execution; tests/drill/replay makes one'],
  [/^npm run walk$/, 'is this walk itself'],
  [/npm run bench\b/, 'takes minutes to an hour and prints figures; it promises nothing'],
  [/\b(NAME|ARN)\b/, 'a placeholder that the reader fills in'],
];

/** Where a tool goes to AWS: with a stage to read or change, unless its data come from files. */
const asksAws = /^npx serverless (deploy|remove)\b|^npm run (kill-switch|approve|review|backtest|drill) .*--stage /;

/** Writes anew what the commands before it have changed, so that once is not enough. */
const eachTime = /^npm run docs$/;

/**
 * How each command of the documentation is tried, in the order of the pages: once, or each time that it stands there.
 * @param commands as they stand on the pages
 */
export function planWalk(commands: readonly string[]): Step[] {
  const tried = commands.filter((command, at) => eachTime.test(command) || commands.indexOf(command) === at);
  return tried.map((command): Step => {
    const reason = leftOut.find(([pattern]) => pattern.test(command))?.[1];
    if (reason) return { command, expects: 'nothing', reason };
    if (asksAws.test(command)) return { command, expects: 'no-credentials' };
    const isName = /^npm run (approve|new:playbook|compare:package)$/.test(command);
    if (isName) return { command, expects: 'nothing', reason: 'the name of a command that takes an argument' };
    return { command, expects: 'success' };
  });
}
