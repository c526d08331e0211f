import type { Detector } from './detector';
import { ensemble } from './ensemble';
import { isolationForest } from './isolation-forest';
import { mlIsolationForest } from './ml-isolation-forest';
import { noveltyGap } from './novelty-gap';

/** Every detector by its name. */
export const detectors: ReadonlyMap<string, Detector> = new Map(
  [ensemble, noveltyGap, isolationForest, mlIsolationForest].map((detector) => [detector.name, detector]),
);

/** The detector used when none is named. */
export const defaultDetector: Detector = ensemble;
