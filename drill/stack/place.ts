/** The account that the simulated cloud is, as AWS's own examples number it. */
export const account = '123456789012';
/** Where the simulated stack stands. */
export const region = 'us-east-1';
/** When a drill begins, unless its scenario says otherwise: a Monday morning, UTC. */
export const defaultStart = '2026-03-02T09:00:00.000Z';
