import { Listr, type ListrTaskWrapper } from 'listr2';
import { duration } from '../render/duration';

/** Shows the scenarios of a catalogue while they run. */
export interface AllProgress {
  begun(name: string): void;
  /** @param line the text about it */
  ended(name: string, line: string): void;
  /** Removes the view; the table comes next. */
  end(): Promise<void>;
}

/** The number of ended scenarios that stay visible. */
const mostEnded = 8;

/** The running scenarios with their durations, below those that ended last. Pure. */
export function allLines(running: ReadonlyMap<string, number>, ended: readonly string[], now: number): string[] {
  const hidden = ended.length - mostEnded;
  const names = [...running].map(([name, since]) => `${name} (${duration(now - since)})`);
  return [
    names.length > 0 ? `running: ${names.join(', ')}` : 'starting the processes …',
    ...(hidden > 0 ? [`… ${hidden} more above`] : []),
    ...ended.slice(-mostEnded),
  ];
}

/** On a terminal, a spinner with the running scenarios; otherwise a plain line for each scenario as it ends. */
export function allProgressFor(stream: { isTTY?: boolean }, say: (line: string) => void): AllProgress {
  if (stream.isTTY !== true) return { begun: () => {}, ended: (_name, line) => say(line), end: async () => {} };
  const running = new Map<string, number>();
  const ended: string[] = [];
  let shown: ListrTaskWrapper<unknown, never, never> | undefined;
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const draw = () => {
    if (shown) shown.title = allLines(running, ended, Date.now()).join('\n');
  };
  const task = (_context: unknown, wrapper: unknown) => {
    shown = wrapper as never;
    return finished;
  };
  const list = new Listr([{ title: '…', task }], {
    registerSignalListeners: false,
    rendererOptions: { formatOutput: 'truncate' },
  });
  const whole = list.run();
  const everySecond = setInterval(draw, 1000);
  return {
    begun: (name) => {
      running.set(name, Date.now());
      draw();
    },
    ended: (name, line) => {
      running.delete(name);
      ended.push(line);
      draw();
    },
    end: async () => {
      clearInterval(everySecond);
      if (shown) shown.title = `${ended.length} scenarios ended`;
      finish();
      await whole;
    },
  };
}
