import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findingEventSchema } from '../../functions/finding/event-schema';
import { normaliseFinding } from '../../functions/finding/normalise';
import type { LooseEvent } from '../fixtures/events';

const scope = { accounts: ['123456789012'], regions: ['us-east-1'], lowestSeverity: 7, drill: false };

function finding(name: string, change: (event: LooseEvent) => void = () => {}) {
  const event = JSON.parse(readFileSync(join(__dirname, '..', 'fixtures', 'events', `${name}.json`), 'utf8'));
  change(event);
  return findingEventSchema.parse(event);
}

test('a finding names its instance and the address at the other end', () => {
  expect(normaliseFinding(finding('guardduty-backdoor'), scope)).toEqual({
    finding: expect.objectContaining({
      instanceId: 'i-0123456789abcdef0',
      remoteAddresses: ['198.51.100.23'],
      severity: 8,
    }),
  });
});

test.each([
  [
    'below-severity',
    (event: LooseEvent) => {
      event.detail.severity = 6.9;
    },
  ],
  [
    'sample-finding',
    (event: LooseEvent) => {
      event.detail.service.additionalInfo.sample = true;
    },
  ],
  [
    'finding-archived',
    (event: LooseEvent) => {
      event.detail.service.archived = true;
    },
  ],
  [
    'wrong-account',
    (event: LooseEvent) => {
      event.detail.accountId = '210987654321';
    },
  ],
  [
    'wrong-region',
    (event: LooseEvent) => {
      event.region = 'eu-west-1';
    },
  ],
])('a finding is left alone as %s', (code, change) => {
  expect(normaliseFinding(finding('guardduty-backdoor', change), scope).refusal?.code).toBe(code);
});

test('a sample finding is taken in a drill', () => {
  const sample = finding('guardduty-backdoor', (event) => {
    event.detail.service.additionalInfo.sample = true;
  });
  expect(normaliseFinding(sample, { ...scope, drill: true }).refusal).toBeUndefined();
});

test.each([
  [
    'another source',
    (event: LooseEvent) => {
      event.source = 'evil';
    },
  ],
  [
    'no severity',
    (event: LooseEvent) => {
      delete event.detail.severity;
    },
  ],
  [
    'a severity that is no number',
    (event: LooseEvent) => {
      event.detail.severity = '8';
    },
  ],
  [
    'a control character in its type',
    (event: LooseEvent) => {
      event.detail.type = 'Backdoor\r\nX';
    },
  ],
])('an event with %s is no finding', (_, change) => {
  expect(() => finding('guardduty-backdoor', change)).toThrow();
});
