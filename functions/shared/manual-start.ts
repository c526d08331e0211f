import * as z from './schema';

const words = ['manual', 'by-hand'] as const;

/** The word that marks a start by a person; `by-hand` is its former name, which recorded inputs still carry. */
export const manualStart = z.pipe(
  z.enum(words),
  z.transform(() => 'manual' as const),
);

/** Whether what started the playbook says that a person did. */
export function isManualStart(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'start' in event && manualStart.safeParse(event.start).success;
}
