/** The key of a stage's kill switch in its table. */
export const killSwitchKey = { pk: 'CONTROL', sk: 'KILL_SWITCH' };
