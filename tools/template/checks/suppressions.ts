import type { Found } from './model';

/** A finding that stands, and why. */
export interface Suppression {
  /** The check, or the rule of AWS's validator. */
  check: string;
  /** Logical ids, with the property where the finding names one. */
  at: RegExp;
  reason: string;
}

/** A finding without a reason, and a reason without a finding, are both findings. */
export const suppressions: Suppression[] = [
  {
    check: 'concurrency',
    at: /LambdaFunction$/,
    reason:
      'A new account may run 10 functions at once, and then nothing can be reserved; a stage whose account has room sets reservedConcurrency.',
  },
  {
    check: 'W3005',
    at: /(LambdaFunction|StateMachine)\.DependsOn$/,
    reason:
      'The framework and its plugins write the role down once more than CloudFormation needs; it changes nothing.',
  },
  {
    check: 'W8003',
    at: /^(HasNoticeEmail|KeepsEvidence|LocksSnapshots|SharesSnapshots)\./,
    reason: 'The param is filled in while packaging, so within one stage the condition always has the same answer.',
  },
  {
    check: 'W9003',
    at: /^(CpuHigh|NetworkOutHigh|FlowBytes)Alarm\.Properties\.Threshold$/,
    reason:
      'The same param is an environment variable, which has to be text; CloudFormation takes it for the number it is.',
  },
  {
    check: 'W9003',
    at: /^EvidenceBucket\..*\.Days$/,
    reason:
      'The same param is compared in a condition, which has to be text; CloudFormation takes it for the number it is.',
  },
  {
    check: 'I1022',
    at: /^ServerlessDeploymentBucketPolicy\./,
    reason: 'A matter of style in what the framework writes.',
  },
];

/** The findings that nothing suppresses, and a finding for each suppression that suppresses nothing. */
export function withoutSuppressed(found: Found[], known: Suppression[] = suppressions): Found[] {
  const applies = (one: Found) => known.filter(({ check, at }) => check === one.check && at.test(one.at));
  const used = new Set(found.flatMap(applies));
  const stale = known
    .filter((suppression) => !used.has(suppression))
    .map(({ check, at }) => ({ check, at: String(at), what: 'is suppressed, and nothing is found there' }));
  return [...found.filter((one) => applies(one).length === 0), ...stale];
}
