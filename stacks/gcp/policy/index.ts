import { imageByDigest } from './rules/image-by-digest.js';
import { noPlainSecret } from './rules/no-plain-secret.js';
import { noPublicBinding } from './rules/no-public-binding.js';
import { pinnedSecrets } from './rules/pinned-secrets.js';
import { reachedThroughTheDoor } from './rules/reached-through-the-door.js';
import { statefulIsKept } from './rules/stateful-is-kept.js';
import type { Configuration } from './configuration.js';
import type { ConfigurationRule, RuleFinding } from './configuration-rule.js';

/** What every configuration of ours keeps to, in the order of reports. Pure and quick: run on every synthesis. */
export const configurationRules: readonly ConfigurationRule[] = [
  noPlainSecret,
  pinnedSecrets,
  imageByDigest,
  statefulIsKept,
  noPublicBinding,
  reachedThroughTheDoor,
];

/** What our own rules find in a configuration. */
export function policyFindings(configuration: Configuration): readonly (RuleFinding & { readonly rule: string })[] {
  return configurationRules.flatMap(({ id, check }) =>
    check(configuration).map((finding) => ({ rule: id, ...finding })),
  );
}

export { type Arguments, type Configuration, resourcesOf } from './configuration.js';
export type { ConfigurationRule, RuleFinding } from './configuration-rule.js';
export { mendedTypes } from './mended-types.js';
export { statefulTypes } from './stateful-types.js';
