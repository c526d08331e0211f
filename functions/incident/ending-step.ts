import { assertInTurn, type Claimed, OutOfTurnError } from '../guard/in-turn';
import { type Code, isGuardRefusal } from '../record/codes';
import type { Conclusion } from '../record/conclusion';
import { codeNameOf } from '../record/error-code';
import { fromAws } from '../shared/aws-errors';
import type * as z from '../shared/schema';
import { step as plainStep, type StepTools } from '../shared/step';
import { noteEnd } from './ends';

type Found = object & { conclusion?: Conclusion | undefined };

/**
 * A step that may end its incident well: its conclusion, or a guard's refusal, is recorded before the machine receives it,
 * and only if its input matches the record.
 */
export function step<S extends z.ZodMiniType<{ incident: Claimed }>, R extends Found>(
  name: string,
  schema: S,
  work: (input: z.output<S>, tools: StepTools) => Promise<R>,
) {
  return plainStep(name, schema, async (input, tools): Promise<R> => {
    const found = await work(input, tools).catch(async (error: unknown) => {
      await noteRefusal(input.incident, error, tools);
      throw error;
    });
    if (found.conclusion) {
      await assertInTurn(input.incident, tools.config);
      await noteEnd(input.incident, found.conclusion, tools.clock.now(), tools.config);
    }
    return found;
  });
}

async function noteRefusal(incident: Claimed, error: unknown, { clock, config }: StepTools): Promise<void> {
  const { name, message } = fromAws(error);
  // Not checked against the catalogue, whose texts no step needs: what is no code is no guard's refusal.
  const code = codeNameOf(name) as Code;
  if (!isGuardRefusal(code)) return;
  try {
    await assertInTurn(incident, config);
  } catch (reason) {
    // Nothing is recorded for a caller out of order; the refusal itself is what it gets.
    if (reason instanceof OutOfTurnError) return;
    throw reason;
  }
  await noteEnd(incident, { outcome: 'SKIPPED', code, reason: message }, clock.now(), config);
}
