import fc from 'fast-check';
import { batchesOf, batchSize, mostOfAll } from '../../functions/patrol/batches';
import { mostOfAccount } from '../../functions/patrol/collect-fleet';

const fleetOf = (size: number, index: number) => ({
  place: { account: String(index).padStart(12, '0'), region: 'us-east-1' },
  instanceIds: Array.from({ length: size }, (_, i) => `i-${index}-${i}`),
});
const fleetsOf = (sizes: readonly number[]) => sizes.map(fleetOf);

/** The most batches of one account among so many that follow each other. */
function mostTogether(accounts: readonly string[], atOnce: number): number {
  let most = 0;
  for (let from = 0; from < accounts.length; from++) {
    const counts = new Map<string, number>();
    for (const account of accounts.slice(from, from + atOnce)) counts.set(account, (counts.get(account) ?? 0) + 1);
    most = Math.max(most, ...counts.values());
  }
  return most;
}

test('one account has as many batches at once as its quota allows', () => {
  const { batches, atOnce } = batchesOf(fleetsOf([batchSize * 3 + 1]));

  expect(batches.map(({ instanceIds }) => instanceIds.length)).toEqual([batchSize, batchSize, batchSize, 1]);
  expect(atOnce).toBe(mostOfAccount);
});

test('a hundred accounts run side by side, so many that each is far below its quota', () => {
  const { batches, atOnce } = batchesOf(fleetsOf(Array.from({ length: 100 }, () => 1_000)));
  const accounts = batches.map(({ place }) => place.account);

  expect(atOnce).toBe(mostOfAll);
  expect(mostTogether(accounts, atOnce)).toBe(1);
});

test('of batches that follow each other, no account has more than its quota allows, whatever the sizes', () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 2_500 }), { maxLength: 40 });
  fc.assert(
    fc.property(sizes, (counts) => {
      const fleets = fleetsOf(counts);
      const { batches, atOnce } = batchesOf(fleets);
      const listed = batches.flatMap(({ instanceIds }) => instanceIds).sort();

      expect(listed).toEqual(fleets.flatMap(({ instanceIds }) => instanceIds).sort());
      expect(batches.every(({ place, instanceIds }) => instanceIds[0]!.includes(`-${Number(place.account)}-`))).toBe(
        true,
      );
      const together = mostTogether(
        batches.map(({ place }) => place.account),
        atOnce,
      );
      expect(together).toBeLessThanOrEqual(mostOfAccount);
      expect(atOnce).toBeGreaterThan(0);
    }),
  );
});

test('a large account beside small ones sets the pace, since it takes longest anyhow', () => {
  const { batches, atOnce } = batchesOf(fleetsOf([4_000, ...Array.from({ length: 99 }, () => 1)]));

  expect(batches).toHaveLength(199);
  expect(atOnce).toBeLessThan(8);
});
