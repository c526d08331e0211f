/**
 * The score from which a point stands out: the default of the novelty gap and of the ensemble.
 * Chosen once, for all the labelled AWS series of docs/anomaly.md together: the level part of their curve, not its peak.
 */
export const DEFAULT_THRESHOLD = 0.2;

/** The share of the training rows that an isolation forest calls odd. Source: the original article's evaluation. */
export const CONTAMINATION = 0.01;
