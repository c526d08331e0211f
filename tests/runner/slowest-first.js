const { default: Sequencer } = require('@jest/test-sequencer');
const { drill } = require('../../tools/imports/lanes.json');
const slowest = require('./slowest.json');

/** Which of two files that never ran here is slower: first those of the list, then drills, then the larger file. */
const places = [...slowest, ...drill];
function placeOf(path) {
  const place = places.findIndex((name) => path.includes(`/tests/${name}`));
  return place < 0 ? places.length : place;
}

/** In a fresh clone, too, no worker is left alone with a file that takes a minute. */
module.exports = class SlowestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    // Jest knows how long each took the last time.
    if (sorted.some(({ duration }) => duration !== undefined)) return sorted;
    return [...sorted].sort((a, b) => placeOf(a.path) - placeOf(b.path));
  }
};
