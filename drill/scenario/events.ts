import type { Scenario } from './schema';

type EventStart = Extract<Scenario['starts'], { by: 'event' }>;

/** The events that start a scenario's playbook, in order: all of them once, then all again up to their count. Pure. */
export const eventsOf = ({ events, count }: EventStart): Record<string, unknown>[] => {
  const texts = events.map((event) => JSON.stringify(event));
  return Array.from({ length: count }, (_, i) => String(i + 1)).flatMap((nth) =>
    texts.map((text) => JSON.parse(text.replaceAll('{nth}', nth)) as Record<string, unknown>),
  );
};
