import { loadScenario } from './load';
import type { Answer } from './processes';
import { runScenario } from './run';

/** A process that runs the scenarios it receives by name, one at a time; its parent ends it. */
process.on('message', (name: string) => {
  void answerFor(name).then((answer) => process.send?.(answer));
});
process.on('disconnect', () => process.exit());
// Ctrl-C reaches every process of a terminal; the parent handles it.
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
