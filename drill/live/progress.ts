import { Listr, type ListrTaskWrapper } from 'listr2';
import { manyExecutions } from '../render/figures';
import { progressLine } from '../render/lines';
import type { Paint } from '../render/paint';
import type { DrillResult } from '../scenario/result';
import type { HistoryEvent } from '../stack/history';
import { headLine, liveLines, type Running } from './lines';

/** Shows executions while they run. */
export interface Progress {
  /** The status before anything runs. */
  waiting(what: string): void;
  onEvent(execution: Running, event: HistoryEvent, ledger: DrillResult['ledger']): void;
  /** Removes the view; the result comes next. */
  end(): Promise<void>;
}

/** A line per event, for files, pipes and CI. With many executions there are no more lines. */
export function plainProgress(say: (line: string) => void, paint: Paint): Progress {
  const told = new Set<string>();
  return {
    waiting: (what) => say(paint('dim', what)),
    onEvent: ({ id }, event) => {
      told.add(id);
      const line = told.size > manyExecutions ? undefined : progressLine(event, paint);
      if (line !== undefined) say(line);
    },
    end: async () => {},
  };
}

/** Rows for the head line, the frame and the shell's prompt. */
const otherRows = 4;

/**
 * Steps with a spinner, redrawn at each event. It must start before the drill, because its spinner uses the process's
 * real clock.
 * @param rows height of the terminal
 */
export function liveProgress(rows: number, paint: Paint, isVerbose = true): Progress {
  const executions = new Map<string, Running>();
  let shown: ListrTaskWrapper<unknown, never, never> | undefined;
  let finish = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const list = new Listr(
    [
      {
        title: '…',
        task: (_context, task) => {
          shown = task as never;
          return finished;
        },
      },
    ],
    // The caller handles Ctrl-C: it reports an execution on a stage before the process ends.
    { registerSignalListeners: false, rendererOptions: { formatOutput: 'truncate' } },
  );
  const running = list.run();
  let what = 'Starting the stack …';
  const draw = (...lines: string[]) => {
    if (shown) shown.title = [headLine([...executions.values()], manyExecutions, what), ...lines].join('\n');
  };
  return {
    waiting: (text) => {
      what = text;
      draw();
    },
    onEvent: (execution, _event, ledger) => {
      executions.set(execution.id, execution);
      const told = executions.size > manyExecutions ? [] : [...executions.values()];
      draw(...liveLines(told, ledger, Math.max(3, rows - otherRows), paint, isVerbose));
    },
    end: async () => {
      // The result shows the steps once more, in full.
      draw();
      finish();
      await running;
    },
  };
}

/** Only what is being done: whoever reads a file or a pipe is told the story once it is over. */
const quietProgress = (say: (line: string) => void, paint: Paint): Progress => ({
  waiting: (what) => say(paint('dim', what)),
  onEvent: () => {},
  end: async () => {},
});

/**
 * The view that fits a stream: steps with a spinner on a terminal, else plain lines.
 * @param isVerbose whether every state is told as it is entered
 */
export function progressFor(
  stream: { isTTY?: boolean; rows?: number },
  say: (line: string) => void,
  paint: Paint,
  isVerbose = true,
): Progress {
  if (stream.isTTY === true) return liveProgress(stream.rows ?? 24, paint, isVerbose);
  return isVerbose ? plainProgress(say, paint) : quietProgress(say, paint);
}
