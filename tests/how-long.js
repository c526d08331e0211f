const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

/** Where a whole run notes how long it took, for the next one to say so first. */
const file = join(__dirname, '..', '.drill', 'tests-took.json');

function lastTook() {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined;
  } catch {
    // Nothing ran here yet.
    return undefined;
  }
}

function noteTook(ms) {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, String(Math.round(ms)));
}

/** What a person who waits is told first: how much there is, and how long that takes. */
function howLong(suites, workers, tookMs) {
  const minutes = Math.ceil((tookMs ?? 0) / 60_000);
  const time =
    tookMs === undefined
      ? 'this takes several minutes; the next run here will say how many'
      : `this takes about ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}, as it did the last time here`;
  return `${suites} test suites, ${workers} at a time: ${time}.`;
}

module.exports = { howLong, lastTook, noteTook };
