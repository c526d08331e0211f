import type { ScenarioInput } from '../scenario/schema';

/** As long as a story may be, less what stands for the names that do not fit. */
const longestStory = 185;

/** The story of a random drill: it names the faults in order, as many as a story has room for. Pure. */
export function storyOf(seed: number, { playbook, faults: drawn = [] }: ScenarioInput): string {
  const begin = `Random faults of seed ${seed} in ${playbook}:`;
  const names = drawn.map(({ name }) => name);
  const says = (count: number) => `${begin} ${names.slice(0, count).join(', ')}`;
  let count = names.length;
  while (count > 1 && says(count).length > longestStory) count -= 1;
  const left = names.length - count;
  return `${says(count)}${left > 0 ? `, … and ${left} more` : ''}.`;
}
