/** Ids of instances that stand beside the drill's own in a group, and that nothing else knows. */
export const otherIds = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `i-0ffffffffffff${String(index).padStart(4, '0')}`);
