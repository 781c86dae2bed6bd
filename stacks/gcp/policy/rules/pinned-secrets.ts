import { at, blocksIn } from '../../../stage/values.js';
import { resourcesOf } from '../configuration.js';
import type { ConfigurationRule } from '../configuration-rule.js';

/** A number, or the version that the same configuration writes. */
const pinned = /^(?:[1-9]\d*|\$\{google_secret_manager_secret_version\.\w+\.version\})$/;

/** No check of checkov or Trivy looks at Cloud Run v2. */
export const pinnedSecrets: ConfigurationRule = {
  id: 'pinned-secrets',
  reason: 'a revision whose secrets change under it is not what was looked at',
  check: (configuration) =>
    resourcesOf(configuration).flatMap(([address, values]) =>
      [...blocksIn(values, 'secret_key_ref')].flatMap((reference) => {
        const version = at(reference, 'version');
        if (typeof version === 'string' && pinned.test(version)) return [];
        return [
          { address, message: `version ${String(version)} of secret ${String(at(reference, 'secret'))} is no number` },
        ];
      }),
    ),
};
