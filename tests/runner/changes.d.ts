/** Gives the process back what has changed in it since it was watched. */
export function watchProcess(): () => void;
/** Empties every AsyncLocalStorage of the process, so that none goes along with what comes next. */
export function forgetStorages(): void;
/** Takes away the matchers that `expect` has, for the next file to add its own. */
export function forgetMatchers(): void;
