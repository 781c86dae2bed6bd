import type { FeatureKey } from './features.js';

/**
 * How a target honours a feature. `native`: as the spec says. `equivalent`: accepted, with the meaning `note` gives.
 * `unsupported`: an error on the field; `note` says what to do instead.
 */
export type Support =
  | { readonly support: 'native'; readonly note?: string }
  | { readonly support: 'equivalent'; readonly note: string }
  | { readonly support: 'unsupported'; readonly note: string };

/** How one column honours every feature; a feature that is not named is native. */
export type ColumnSupport = Readonly<Partial<Record<FeatureKey, Support>>>;

/** Accepted with the meaning that `note` gives. */
export function equivalent(note: string): Support {
  return { support: 'equivalent', note };
}

/** An error; `note` says what to do instead. */
export function unsupported(note: string): Support {
  return { support: 'unsupported', note };
}
