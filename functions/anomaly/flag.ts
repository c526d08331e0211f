import type { WrongThreshold } from './alarm-threshold';
import { formatValue } from './metrics';
import type { Finding, MetricFinding, Usual } from './score';
import type { RuleFinding } from './status-rule';
import type { ScoreResult, Verdict } from './verdict';
import { type LengthFacts, weighByLength } from './weigh-length';

export { type ScoreResult, type Verdict, verdicts } from './verdict';

export interface FlagFacts {
  /** The metrics that the alarm watches; empty for a manual start. */
  alarmed: readonly string[];
  rules: readonly RuleFinding[];
  metrics: readonly MetricFinding[];
  /** All metrics together; undefined where fewer than two can be scored. */
  joint: Finding | undefined;
  threshold: number;
  /** The alarm's threshold, if the metric exceeds it nearly all the time. */
  wrongThreshold?: WrongThreshold | undefined;
  /** How long the alarmed metrics have been as far out, and were before. */
  length?: Pick<LengthFacts, 'stretches' | 'waiting'>;
}

/** The number of earlier days on which a value must have been reached to count as normal. */
export const ORDINARY_DAYS = 3;

/** Outbound traffic this many times the previous maximum, with normal inbound traffic, looks like exfiltration. */
export const EXFILTRATION_SURGE = 3;

/**
 * What the scores mean for the action at hand. The first row that fits decides:
 *
 * | facts | verdict |
 * | --- | --- |
 * | a status check is alarmed and failed | act |
 * | a status check is alarmed and has no recent data | unknown |
 * | a status check is alarmed, has data, and never failed | veto |
 * | NetworkOut is an anomaly and over 3 × the maximum of 14 days, NetworkIn is normal | escalate |
 * | an alarmed metric is not collected, or unknown; or nothing can be scored | unknown |
 * | the alarmed metric exceeds the alarm's threshold nearly all the time | wrong-threshold |
 * | an alarmed metric is an anomaly on the alarm's side, or another one at such a moment | act |
 * | all metrics together are an anomaly; if every alarmed metric was as far out on half of the days, beyond all earlier ones | act |
 * | started manually | act |
 * | every alarmed metric was as far out on at least 3 earlier days | veto |
 * | that veto, but a status check fails, or the stretch is clearly longer than any earlier one that was as far out | act |
 * | that veto, but it does not come nearly every day, and such stretches usually last longer than this one had when the alarm fired | veto, after looking again for up to an hour |
 * | an act, but automation acted at this hour on an earlier day | act, after looking again for up to an hour |
 * | an act, but every alarmed metric was as far out before and it ended by itself, and all metrics together are no anomaly | act, after looking again for up to an hour |
 * | such an act when the hour is over, no longer than before, and as far out on at least 3 earlier days | veto |
 * | otherwise: not unusual enough to flag, but not known to be normal | act |
 */
export function flag(facts: FlagFacts): ScoreResult {
  return (
    flagStatusChecks(facts) ??
    flagExfiltration(facts) ??
    flagUnknown(facts) ??
    flagWrongThreshold(facts) ??
    weighByLength(flagOdd(facts) ?? flagOrdinary(facts), {
      ...facts,
      ...(facts.length ?? { stretches: [] }),
      isOddTogether: jointOf(facts).some(isOdd),
    })
  );
}

function flagStatusChecks({ alarmed, rules, threshold }: FlagFacts): ScoreResult | undefined {
  const asked = rules.filter(({ metric }) => alarmed.includes(metric));
  const [first] = asked;
  if (!first) return undefined;
  const failed = asked.find(({ verdict }) => verdict === 'failed');
  const unknown = asked.find(({ verdict }) => verdict === 'unknown');
  const decisive = failed ?? unknown ?? first;
  const verdict = failed ? 'act' : unknown ? 'unknown' : 'veto';
  const { metric, value } = decisive;
  const rule = { score: null, threshold, detector: 'status-rule', metric, view: 'value', value, nearestNormal: 0 };
  return { verdict, ...rule, explanation: sentence(decisive.sentence), reasons: asked.map((one) => one.sentence) };
}

function flagExfiltration(facts: FlagFacts): ScoreResult | undefined {
  const out = facts.metrics.find(({ metric }) => metric === 'NetworkOut');
  const into = facts.metrics.find(({ metric }) => metric === 'NetworkIn');
  const high = out?.high ?? out?.finding;
  if (!out || !high || !isOdd(high) || (out.surge ?? 0) <= EXFILTRATION_SURGE) return undefined;
  if (!into?.finding || isOdd(into.finding)) return undefined;
  const why = `${high.evidence.sentence} while NetworkIn is as usual: data may be leaving the instance, so a person has to look before a restart loses its memory`;
  return resultOf('escalate', high, why, facts);
}

function flagUnknown(facts: FlagFacts): ScoreResult | undefined {
  const blind = facts.alarmed.flatMap((name) => {
    const found = facts.metrics.find(({ metric }) => metric === name);
    if (found && !found.unknown) return [];
    return [`${name} is unknown: ${found?.unknown ?? 'this metric is not collected'}`];
  });
  const nothing = facts.metrics.every(({ unknown }) => unknown);
  if (blind.length === 0 && !nothing) return undefined;
  const why = blind[0] ?? 'No metric of the instance could be scored';
  const metric = facts.alarmed[0] ?? null;
  const empty = { score: null, detector: 'none', metric, view: null, value: null, nearestNormal: null };
  return {
    verdict: 'unknown',
    ...empty,
    threshold: facts.threshold,
    explanation: sentence(why),
    reasons: reasonsOf(facts),
  };
}

/** A person who asks for a restart still gets it: the plan knows who asked. */
function flagWrongThreshold(facts: FlagFacts): ScoreResult | undefined {
  const { wrongThreshold, metrics } = facts;
  const finding = metrics.find(({ metric }) => metric === wrongThreshold?.metric)?.finding;
  return wrongThreshold && finding && resultOf('wrong-threshold', finding, wrongThreshold.sentence, facts);
}

function flagOdd(facts: FlagFacts): ScoreResult | undefined {
  const found = facts.metrics.flatMap(({ finding }) => (finding ? [finding] : []));
  const asked = found.filter(({ evidence }) => facts.alarmed.includes(evidence.metric));
  const odd = mostOdd(asked.filter(isOdd)) ?? mostOdd([...found, ...jointOf(facts)].filter(isOdd));
  return odd && resultOf('act', odd, odd.evidence.sentence, facts);
}

/** One point in a hundred is rare by the forest's own threshold, and those of a daily peak are: a habit needs more than that. */
function jointOf({ joint, metrics, alarmed, threshold }: FlagFacts): Finding[] {
  if (!joint) return [];
  const asked = metrics.filter(({ metric }) => alarmed.includes(metric));
  const isHabit = asked.length > 0 && asked.every(({ usual }) => isOrdinary(usual) && usual!.days * 2 >= usual!.of);
  return isHabit && (joint.beyond ?? 0) < threshold ? [] : [joint];
}

const isOrdinary = (usual: Usual | undefined) => usual !== undefined && usual.days >= ORDINARY_DAYS;

function flagOrdinary(facts: FlagFacts): ScoreResult {
  const asked = facts.metrics.filter(({ metric }) => facts.alarmed.includes(metric));
  const top = mostOdd((asked.length ? asked : facts.metrics).flatMap(({ finding }) => (finding ? [finding] : [])))!;
  if (asked.length === 0) return resultOf('act', top, 'Nothing is unusual; the run was started manually', facts);
  const doubtful = asked.find(({ usual }) => !isOrdinary(usual));
  if (!doubtful) return resultOf('veto', top, usualSentence(asked[0]!.metric, asked[0]!.usual!), facts);
  return resultOf(
    'act',
    top,
    `${doubtful.metric} shows no anomaly, but is not known to be normal either: ${rarelySentence(doubtful)}`,
    facts,
  );
}

function rarelySentence({ metric, usual }: MetricFinding): string {
  if (!usual) return 'there are no earlier days to compare with';
  const { extreme, side, days, of } = usual;
  const reached = days === 0 ? 'none' : `only ${days}`;
  return `${formatValue(extreme, metric)} or ${side === 'high' ? 'more' : 'less'} was reached on ${reached} of the last ${of} days`;
}

function usualSentence(metric: string, { extreme, side, days, of }: Usual): string {
  return `${metric} ${formatValue(extreme, metric)} is not unusual: it was that ${side} or ${side === 'high' ? 'higher' : 'lower'} on ${days} of the last ${of} days`;
}

const isOdd = ({ score, threshold }: Finding) => score >= threshold;

function mostOdd(findings: readonly Finding[]): Finding | undefined {
  return findings.reduce<Finding | undefined>(
    (best, one) => (best === undefined || one.score > best.score ? one : best),
    undefined,
  );
}

function resultOf(verdict: Verdict, finding: Finding, why: string, facts: FlagFacts): ScoreResult {
  const { detector, score, threshold, evidence } = finding;
  const { metric, view, value, nearestNormal } = evidence;
  return {
    verdict,
    score,
    threshold,
    detector,
    metric,
    view,
    value,
    nearestNormal,
    explanation: sentence(why),
    reasons: reasonsOf(facts),
  };
}

function reasonsOf({ metrics, rules, joint }: FlagFacts): string[] {
  return [
    ...metrics.map(({ metric, unknown, finding }) =>
      finding ? `${finding.evidence.sentence} (score ${finding.score.toFixed(2)})` : `${metric} is unknown: ${unknown}`,
    ),
    ...(joint ? [`${joint.evidence.sentence} (score ${joint.score.toFixed(2)})`] : []),
    ...rules.map((rule) => rule.sentence),
  ];
}

const sentence = (text: string) => `${text}.`;
