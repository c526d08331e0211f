import { eventsOf } from '../../../drill/scenario/events';
import { loadScenario } from '../../../drill/scenario/load';

const start = { by: 'event' as const, secondsApart: 1 };

test('each event comes as often as the scenario counts, in turn, with its number in it', () => {
  const events = [{ id: 'a{nth}', detail: { of: '{instance}' } }, { id: 'b{nth}' }];

  expect(eventsOf({ ...start, count: 2, events })).toEqual([
    { id: 'a1', detail: { of: '{instance}' } },
    { id: 'b1' },
    { id: 'a2', detail: { of: '{instance}' } },
    { id: 'b2' },
  ]);
});

test('the addresses of a flood are all different', async () => {
  const { starts } = await loadScenario('address-flood');
  const events = starts.by === 'event' ? eventsOf(starts) : [];
  const addresses = events.map((event) => /"ipAddressV4":"([^"]+)"/.exec(JSON.stringify(event))?.[1]);

  expect(new Set(addresses).size).toBe(60);
});
