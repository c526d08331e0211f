import { placeLabels, rowHeight } from '../../../drill/report/labels';

const width = 760;
const place = (...labels: [x: number, text: string][]) =>
  placeLabels(
    labels.map(([x, text]) => ({ x, text })),
    width,
  );

test('labels that have room stand in one row', () => {
  expect(place([100, 'StopInstances'], [400, 'StartInstances'])).toEqual([
    { row: 0, align: 'center' },
    { row: 0, align: 'center' },
  ]);
});

test('those that would cover each other stand one above the other', () => {
  expect(place([100, 'StopInstances'], [120, 'StartInstances'], [140, 'RESOLVED']).map(({ row }) => row)).toEqual([
    0, 1, 2,
  ]);
  expect(rowHeight).toBeGreaterThan(12);
});

test.each([
  [5, 'left'],
  [width - 5, 'right'],
])('near an edge, at %i, a label leans inside', (x, align) => {
  expect(place([x, 'StopInstances'])).toEqual([{ row: 0, align }]);
});

test('no two of many labels in a row cover each other', () => {
  const labels = Array.from({ length: 12 }, (_, i): [number, string] => [i * 50, 'ModifyInstance']);
  const places = place(...labels);

  for (const [i, one] of places.entries())
    for (const [j, other] of places.entries())
      if (i < j && one.row === other.row) expect(labels[j]![0] - labels[i]![0]).toBeGreaterThan(14 * 7);
});
