import { whyNot } from '../../drill/stage/why';
import { fail, type Line, notAsked, ok } from '../doctor/line';
import { type Clock, goOn, InterruptedError } from '../smoke/until';
import { clean } from './clean';
import type { ActRun } from './frame';
import { makeInstance } from './make';
import { blockedCidr, cleanCommand } from './names';
import { actSteps, type Sofar } from './steps';

export interface ActReport {
  lines: Line[];
  isInterrupted: boolean;
}

/** Goes on after Ctrl-C: what was made is removed. */
export const uninterrupted = ({ now, wait }: Clock): Clock => ({ now, wait, signal: new AbortController().signal });

/** Makes the throwaway instance, lets every playbook act on it, and removes all that was made, also after an error or Ctrl-C. */
export async function actRun(run: ActRun): Promise<ActReport> {
  const lines: Line[] = [];
  const add = (line: Line) => {
    lines.push(line);
    run.onLine(line);
  };
  let isInterrupted = false;
  try {
    goOn(run.clock.signal);
    const sofar: Sofar = { instanceId: await makeInstance(run) };
    add({ id: 'act-instance', what: 'a throwaway instance', ...ok(`${sofar.instanceId} runs`) });
    for (const { id, what, act } of actSteps) {
      goOn(run.clock.signal);
      add({ id, what, ...(await attempt(() => act(run, sofar), run.options.stage)) });
    }
  } catch (error) {
    if (error instanceof InterruptedError) isInterrupted = true;
    else
      add({
        id: 'act-instance',
        what: 'a throwaway instance',
        ...fail(whyNot(error), 'Fix what the error names, then run it again.'),
      });
  } finally {
    for (const line of await remove(run)) add(line);
  }
  return { lines, isInterrupted };
}

async function attempt(act: () => ReturnType<(typeof actSteps)[number]['act']>, stage: string) {
  try {
    return await act();
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    return notAsked(whyNot(error), `Fix what the error names, then: ${cleanCommand(stage)}`);
  }
}

async function remove({ options, clients, clock, ledger, machines }: ActRun): Promise<Line[]> {
  const of = (what: string) => ledger.entries.filter((entry) => entry.what === what).map(({ id }) => id);
  const known = of('instance');
  const lines = await clean({
    ...options,
    clients,
    clock: uninterrupted(clock),
    machines: [...machines.values()],
    known,
    mayAppear: known.length < of('instance-asked').length,
  });
  if (of('block').length > 0)
    lines.push({
      id: 'removed',
      what: 'block',
      ...ok(
        `the block of ${blockedCidr}, if there is one, expires a minute after it began, and the stage removes it within five more`,
      ),
    });
  return lines;
}

/** 0 if everything acted and is removed, 130 after Ctrl-C, or else 1. */
export function actExitCode({ lines, isInterrupted }: ActReport): number {
  if (isInterrupted) return 130;
  return lines.every(({ verdict }) => verdict === 'ok') ? 0 : 1;
}
