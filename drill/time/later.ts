/** The longest delay that a timer of the platform takes; a longer one would fire at once. */
const longestDelayMs = 2 ** 31 - 1;

/** Runs `work` after any number of milliseconds, weeks too. @returns a function that calls it off */
export function later(milliseconds: number, work: () => void): () => void {
  let left = milliseconds;
  let timer: NodeJS.Timeout;
  const wait = () => {
    const delay = Math.min(left, longestDelayMs);
    left -= delay;
    timer = setTimeout(left > 0 ? wait : work, delay);
  };
  wait();
  return () => clearTimeout(timer);
}
