import type { DrillResult } from '../scenario/result';

/** Writes a time of a drill. */
export type Clock = (at: number | string) => string;

/** Writes times of a drill: with the day where it lasted longer than one. */
export const clockFor = ({ startedAt, endedAt }: Pick<DrillResult, 'startedAt' | 'endedAt'>): Clock => {
  const isLong = new Date(startedAt).getUTCDate() !== new Date(endedAt).getUTCDate();
  return (at) =>
    new Date(at)
      .toISOString()
      .slice(isLong ? 0 : 11, 19)
      .replace('T', ' ');
};
