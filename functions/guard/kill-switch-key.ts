/** Where the kill switch of a stage stands in its table. */
export const killSwitchKey = { pk: 'CONTROL', sk: 'KILL_SWITCH' };
