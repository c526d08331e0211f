import { defaultJoint, scoreJointly } from '../joint-novelty';
import { DEFAULT_THRESHOLD } from '../threshold';
import type { Detector } from './detector';
import { noveltyGap } from './novelty-gap';

/**
 * The default: of one metric its novelty gap, of several their joint novelty. A score is a state, how odd this point is;
 * that one trouble gives one alert is what alerting makes of it (`alertsOf`).
 */
export const ensemble: Detector = {
  name: 'ensemble',
  threshold: DEFAULT_THRESHOLD,
  score: (frame, from = 0) =>
    frame.series.length < 2 ? noveltyGap.score(frame, from) : scoreJointly(frame, defaultJoint, from),
};
