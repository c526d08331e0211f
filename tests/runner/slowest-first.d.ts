import Sequencer from '@jest/test-sequencer';

/** Orders test files so that the slow ones begin. */
export default class SlowestFirst extends Sequencer {}
