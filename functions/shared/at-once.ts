/**
 * Does the work for every item, for so many at a time, and gives the results in the order of the items. What has begun is
 * always waited for, so that nothing goes on after an error.
 * @throws what the work threw first; nothing begins after that
 */
export async function atOnce<T, R>(items: readonly T[], most: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  let failure: { error: unknown } | undefined;
  const worker = async () => {
    for (const [index, item] of queue) {
      if (failure) return;
      try {
        results[index] = await work(item);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  if (failure) throw failure.error;
  return results;
}
