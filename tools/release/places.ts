import { cpuHighMinutes, releaseParameters } from '../../packaging/release-parameters';
import type { Probe } from './probe';
import type { Json } from './stable';

/** `cpuHighMinutes` is the parameter CpuHighMinutes. */
export const parameterName = (param: string) => `${param[0]!.toUpperCase()}${param.slice(1)}`;

/** A parameter's value in a template, and in a text. */
export interface Place {
  expression: Json;
  /** Undefined where a text cannot have it. */
  text?: string;
}

const ref = (name: string): Place => ({ expression: { Ref: name }, text: `\${${name}}` });

/** How many periods of five minutes CPU has to be high: CloudFormation does not divide. */
export const periodsMap = {
  CpuHighPeriods: Object.fromEntries(cpuHighMinutes.map((minutes) => [String(minutes), { Periods: minutes / 5 }])),
};
const periods: Place = { expression: { 'Fn::FindInMap': ['CpuHighPeriods', { Ref: 'CpuHighMinutes' }, 'Periods'] } };

/** The values of two probes, and what stands for each. */
export class Places {
  readonly #pairs: Map<string, Place>;
  /** Longest first, so that none is found within another. */
  readonly #texts: readonly (readonly [a: string, b: string, text: string])[];

  constructor([a, b]: readonly [Probe, Probe]) {
    const named = (Object.keys(releaseParameters) as (keyof typeof releaseParameters)[]).map(
      (param) => [a.values[param], b.values[param], ref(parameterName(param))] as const,
    );
    const all = [
      ...named,
      [a.stage, b.stage, ref('Stage')] as const,
      [a.region, b.region, ref('AWS::Region')] as const,
      [Number(a.values.cpuHighMinutes) / 5, Number(b.values.cpuHighMinutes) / 5, periods] as const,
    ];
    this.#pairs = new Map(all.map(([left, right, place]) => [pair(left, right), place]));
    this.#texts = all
      .filter(([left, right, { text }]) => text !== undefined && isDistinct(left) && isDistinct(right))
      .map(([left, right, { text }]) => [String(left), String(right), text!] as const)
      .sort(([some], [other]) => other.length - some.length);
  }

  /** What has one value in the first probe and the other in the second. */
  find(a: Json, b: Json): Place | undefined {
    return typeof a === 'object' ? undefined : this.#pairs.get(pair(a, b));
  }

  /** A text with each value of the probes replaced; undefined when the two still differ. */
  inText(a: string, b: string, literal: (part: string) => string): string | undefined {
    for (const [left, right, text] of this.#texts) {
      const [parts, others] = [a.split(left), b.split(right)];
      if (parts.length === 1 || parts.length !== others.length) continue;
      const merged = parts.map((part, i) => this.inText(part, others[i]!, literal));
      if (merged.every((part) => part !== undefined)) return merged.join(text);
    }
    if (a === b) return literal(a);
    // A number within a sentence.
    const [words, others] = [a.split(/\b/), b.split(/\b/)];
    if (words.length !== others.length || words.length === 1) return this.find(a, b)?.text;
    const merged = words.map((word, i) => (word === others[i] ? literal(word) : this.find(word, others[i])?.text));
    return merged.every((part) => part !== undefined) ? merged.join('') : undefined;
  }
}

const pair = (a: unknown, b: unknown) => `${String(a)}\0${String(b)}`;
/** Whether a value is a text that stands for nothing else, wherever it is found. */
const isDistinct = (value: unknown) =>
  typeof value === 'string' && /alpha|beta|aaaaaa|bbbbbb|us-east|eu-west|192\.0/.test(value);
