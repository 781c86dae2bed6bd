/** Quotas by code: `L-3032A538`. */
export interface QuotaStore {
  /** What an account has before it asks for more. */
  readonly defaults: ReadonlyMap<string, number>;
  /** What it was given. */
  readonly applied: Map<string, number>;
}

/** The quotas of one fake: `world.state(quotaStore)`. Defaults of a new account, as the Service Quotas console shows them. */
export function quotaStore(): QuotaStore {
  return {
    defaults: new Map([
      ['L-3032A538', 6],
      ['L-0263D0A3', 5],
      ['L-F678F1CE', 5],
      ['L-7B6409FD', 40],
    ]),
    applied: new Map(),
  };
}
