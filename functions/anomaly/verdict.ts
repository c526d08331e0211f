export const verdicts = ['act', 'veto', 'wrong-threshold', 'escalate', 'unknown'] as const;
export type Verdict = (typeof verdicts)[number];

/** The result of the step, kept in the incident. It may only veto or escalate, never widen what is done. */
export interface ScoreResult {
  verdict: Verdict;
  /** 0 to 1; null where a plain rule or nothing decided. */
  score: number | null;
  threshold: number;
  detector: string;
  metric: string | null;
  view: string | null;
  value: number | null;
  nearestNormal: number | null;
  explanation: string;
  reasons: string[];
  /** Look again after so many seconds before doing anything: it may end by itself, as it did before. */
  waitSeconds?: number;
}
