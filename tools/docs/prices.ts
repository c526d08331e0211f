/**
 * On-demand prices in us-east-1, in USD, without the free tier.
 * Source: the AWS pricing page for Step Functions and price tables of 2026 for Lambda, as of 2026-11-24.
 */
export const prices = {
  /** A state transition of a Standard workflow; each retry is one more. */
  transition: 0.025 / 1000,
  /** An invocation, and a GB-second on Arm. */
  lambdaRequest: 0.2 / 1_000_000,
  lambdaGbSecond: 0.000_013_333_4,
} as const;

export const pricesReadOn = '2026-11-24';

/** Assumed duration of a step's call in seconds: most wait for one or two responses from AWS. */
export const assumedSeconds = 0.3;

/** 0.00123 → `$0.0012`: two significant figures, so that small amounts stay meaningful. */
export function dollars(amount: number): string {
  if (amount === 0) return '$0';
  const digits = Math.max(2, 1 - Math.floor(Math.log10(amount)));
  return `$${amount.toFixed(digits)}`;
}
