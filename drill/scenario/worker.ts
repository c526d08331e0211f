import { loadScenario } from './load';
import type { Answer } from './processes';
import { runScenario } from './run';

/** A process that runs the scenarios whose names it is sent, one at a time; whoever started it ends it. */
process.on('message', (name: string) => {
  void answerFor(name).then((answer) => process.send?.(answer));
});
process.on('disconnect', () => process.exit());
// Ctrl-C reaches every process of a terminal; it is for the one that started this to answer.
process.on('SIGINT', () => {});

async function answerFor(name: string): Promise<Answer> {
  const began = performance.now();
  const tookMs = () => Math.round(performance.now() - began);
  try {
    const result = await runScenario(await loadScenario(name));
    return { name, tookMs: tookMs(), result };
  } catch (error) {
    return { name, tookMs: tookMs(), broke: (error as Error).stack ?? String(error) };
  }
}
