/** What is left of a first release that did not come up. */
export interface WhatStays {
  /** What becomes of what runs. */
  readonly removed: string;
  /** What the next deploy goes on with. */
  readonly stays: string;
}

/** Pure: in the words of the target. */
export function whatStays(target: string): WhatStays {
  if (target === 'gcp') {
    return { removed: 'its services are deleted', stays: 'network, data, registry and address stay' };
  }
  return { removed: 'no replica is left running', stays: 'what was set up for it stays, such as a database' };
}
