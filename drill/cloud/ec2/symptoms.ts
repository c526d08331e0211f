import type { Symptom } from './spec';

/** An symptom with its course: when it begins and, once healed, when it ended. Times in epoch ms. */
export interface Course extends Symptom {
  readonly from: number;
  until: number;
}

/** The course of an symptom of which the clock starts at `at`. */
export function begin(symptom: Symptom, at: number): Course {
  const from = at + symptom.startsAfterSeconds * 1000;
  const until = symptom.heals === 'after-seconds' ? from + symptom.healsAfterSeconds * 1000 : Number.POSITIVE_INFINITY;
  return { ...symptom, from, until };
}

export type Remedy = 'stop' | 'start' | 'reboot';

const HEALED_BY: Readonly<Record<Symptom['heals'], readonly Remedy[]>> = {
  'on-restart': ['start'],
  'on-reboot': ['start', 'reboot'],
  'on-stop': ['stop'],
  'after-seconds': [],
  never: [],
};

/** Ends every course that this remedy heals. */
export function heal(courses: readonly Course[], remedy: Remedy, at: number): void {
  for (const course of courses) {
    if (course.from <= at && course.until > at && HEALED_BY[course.heals].includes(remedy)) course.until = at;
  }
}

/** The course that is under way for a metric at a point in time. */
export function symptomAt(courses: readonly Course[], metricName: string, at: number): Course | undefined {
  for (const course of courses) {
    if (course.metricName === metricName && course.from <= at && at < course.until) return course;
  }
  return undefined;
}
