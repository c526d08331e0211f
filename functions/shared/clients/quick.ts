/** For what is a help and never a condition: a slow answer is given up, and nothing is tried again. */
export const quick = { maxAttempts: 1, requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000 } };
