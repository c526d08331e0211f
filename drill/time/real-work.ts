import { forgetDepartures, isAnyCallDeparting } from './departures';

/** Work that was said to need real time. The clock of a drill is the whole process's, so what holds it is too. */
const holds = new Set<object>();

/** Holds the clock until a promise that needs real time (a socket, a file) has settled. */
export async function realWork<T>(work: Promise<T>): Promise<T> {
  const hold = {};
  holds.add(hold);
  try {
    return await work;
  } finally {
    holds.delete(hold);
  }
}

/** Forgets what an earlier drill of this process left behind. */
export function forgetRealWork(): void {
  holds.clear();
  forgetDepartures();
}

/** Whether real work goes on: what was said, calls on their way to the cloud, and files that anybody reads or writes. */
export function isRealWorkGoingOn(): boolean {
  return holds.size > 0 || isAnyCallDeparting() || process.getActiveResourcesInfo().some(isFileRequest);
}

const isFileRequest = (resource: string) => resource.startsWith('FSReq');
