import { PlaybookError } from './errors';

/**
 * A step's result is larger than its ceiling. The machine catches this error; a state that exceeds Step Functions' limit
 * would end the execution for good. Source: Step Functions guide, "Handling errors", `States.DataLimitExceeded`.
 */
export class ResultTooLargeError extends PlaybookError {}

/** Bytes of a result that carries a verdict, an identifier and a reason. */
export const usualCeiling = 3_072;

/**
 * Bytes of the results that carry lists, by step: most of what AWS allows, and more than was ever seen. Together they
 * keep every state of every machine below 262,144 bytes, which tests/packaging/state-sizes.test.ts adds up.
 * Sources: EC2 user guide, "Elastic network interfaces", "Amazon EBS volume limits", and VPC quotas.
 */
export const ceilings: Readonly<Record<string, number>> = {
  // The alarm's names and reason, of 1,024 characters at most, 20 metric names and 10 triggering alarms.
  'read-alarm': 18_432,
  'read-finding': 12_288,
  'read-block': 12_288,
  'read-patch': 8_192,
  'read-release': 8_192,
  // An explanation and a reason for each metric; the keys of volumes that cannot be used.
  'score-anomaly': 8_192,
  'look-at-instance': 8_192,
  'close-incident': 8_192,
  // Ten changes of some 300 bytes.
  'look-up-changes': 4_352,
  // The same, with what others than CloudTrail say.
  'look-up-activity': 4_352,
  // What EC2 has at most: 64 interfaces with 16 groups each, 128 volumes, 64 Elastic IPs; of the tags only those that guards read.
  'survey-instance': 65_536,
  // The addresses of a request for blocks: 60 of one finding, 100 of a group, each with its reason where it is missing.
  'check-range': 16_384,
  'group-blocks': 9_216,
  'reserve-block': 6_144,
  'add-acl-entry': 20_480,
  'add-ip-set-entry': 20_480,
  'judge-block': 24_576,
  // All 50 tags, and the volumes.
  'look-at-target': 69_632,
  // The identifiers of 64 interfaces, and two groups for each of their VPCs.
  'prepare-quarantine': 10_240,
  // A snapshot for each of 128 volumes.
  'take-snapshots': 11_264,
  'watch-snapshots': 14_336,
  // A change for each interface, volume and address.
  'plan-release': 16_384,
  'judge-isolation': 8_192,
  'judge-release': 8_192,
  // A word or a number each.
  'mark-instance': 256,
  'swap-profile': 256,
  'detach-address': 256,
  'protect-from-scale-in': 256,
  'switch-metadata-off': 256,
  'end-sessions': 256,
  'lock-snapshots': 256,
  'share-snapshots': 256,
  // Some 300 accounts that are unknown, each with the beginning of its reason.
  'list-fleet': 53_248,
  // Twenty accounts that are unknown, five of them with their reasons.
  'sweep-alarms': 8_192,
  // The IDs of 40 incidents.
  'score-batch': 2_048,
  // Notices; their texts name so many problems, instances and patterns, and count the rest.
  'review-incidents': 65_536,
  'reconcile-alarms': 49_152,
};

/** Bytes of the message and the trace that an error of a step has in an execution's state, as JSON within JSON. */
const messageCeiling = 400;
const traceCeiling = 220;
/** Bytes of a caught failure of a step: its name, the cause in Lambda's form, and what surrounds them. */
export const failureCeiling = 800;

/** The most bytes that a step's result may have. */
export const ceilingOf = (step: string): number => ceilings[step] ?? usualCeiling;

/** @throws ResultTooLargeError naming step and size, when a result has more bytes than the step's ceiling */
export function assertSize<R>(step: string, result: R): R {
  const bytes = Buffer.byteLength(JSON.stringify(result) ?? '');
  if (bytes <= ceilingOf(step)) return result;
  throw new ResultTooLargeError(`The result of ${step} has ${bytes} bytes; its ceiling is ${ceilingOf(step)}.`);
}

/**
 * Limits, in place, what an error leaves in the execution's state: a Map collects one for each item. The log has all of it.
 */
export function shorten(error: Error): Error {
  error.message = cut(error.message, messageCeiling);
  const places = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  error.stack = cut([cut(`${error.name}: ${error.message}`, 120), ...places].join('\n'), traceCeiling);
  return error;
}

/** The beginning of a text that has at most so many bytes as JSON within JSON. */
function cut(text: string, most: number): string {
  let kept = text;
  while (Buffer.byteLength(JSON.stringify(JSON.stringify(kept))) > most)
    kept = kept.slice(0, Math.floor(kept.length * 0.9));
  // Half of a pair of code units is no character.
  return kept.replace(/[\uD800-\uDBFF]$/, '');
}
