/**
 * The score from which a point is an anomaly: the default of the novelty gap and of the ensemble.
 * Chosen once with the views, for the labelled AWS series and both generated sets of docs/anomaly.md together.
 */
export const DEFAULT_THRESHOLD = 0.21;

/** The share of the training rows that an isolation forest calls odd. Source: the original article's evaluation. */
export const CONTAMINATION = 0.01;

/** The least rows a forest is trained on, and the least states whose quantile is a threshold: 1 % of fewer is none. */
export const LEAST_ROWS = 100;
