import type { Conclusion } from './conclusion';
import { endsWell } from './outcomes';

/** What others did to the host of an isolation that is under way. */
export const losses = ['terminated', 'stopped'] as const;
export type Loss = (typeof losses)[number];

/** The timeline entry that records it, once an incident. */
export const lossEntry = (loss: Loss) => `host-${loss}`;

/** What is lost with the host, and what is kept, in words. */
export const wordsOfLoss: Readonly<Record<Loss, string>> = {
  terminated:
    'The instance was terminated while its isolation was under way. Its memory is lost, and so is every volume that was still to be deleted with it.',
  stopped:
    'The instance was stopped while its isolation was under way. Its memory is lost, and so are its instance store volumes.',
};

/**
 * The end of an isolation whose host was lost meanwhile: never green, and the reason names the loss. Pure.
 * @param lost what the record says became of the host
 */
export function asLost(conclusion: Conclusion, lost: readonly Loss[]): Conclusion {
  const [worst] = losses.filter((loss) => lost.includes(loss));
  if (!worst) return conclusion;
  const reason = `${conclusion.reason} ${wordsOfLoss[worst]}`;
  const isCalm = endsWell(conclusion.outcome) || conclusion.outcome === 'GONE';
  if (!isCalm) return { ...conclusion, reason };
  return { outcome: 'ESCALATED', code: worst === 'terminated' ? 'instance-gone' : 'instance-stopped', reason };
}
