/** An advisory that does not touch this product, until when, and why. */
export interface Allowed {
  /** As npm gives it, e.g. `https://github.com/advisories/GHSA-…`. */
  url: string;
  /** Day after which somebody has to look again, e.g. `2027-03-01`. */
  until: string;
  reason: string;
}

/** Nothing is allowed. An entry needs a reason that a reviewer can check, and a day. */
export const allowed: Allowed[] = [];
