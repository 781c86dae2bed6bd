import { containsToken, containsUrlPassword } from '../../../spec/secret-shapes.js';
import { textsIn } from '../../../stage/values.js';
import { resourcesOf } from '../configuration.js';
import type { ConfigurationRule, RuleFinding } from '../configuration-rule.js';

/** Arguments that end up in the state; their write-only twins do not. */
const storedSecret = /^(?:password|root_password|secret_data|auth_string)$/;

/** For every text of a configuration: values are written only, from variables that Terraform forgets. */
export const noPlainSecret: ConfigurationRule = {
  id: 'no-plain-secret',
  reason: 'configurations, plans and states are stored, shown and compared in many places',
  check: (configuration) =>
    resourcesOf(configuration).flatMap(([address, values]) =>
      [...textsIn(values)].flatMap(([path, text]) => findingIn(address, path, text)),
    ),
};

function findingIn(address: string, path: readonly string[], text: string): readonly RuleFinding[] {
  const last = path.at(-1) ?? '';
  // The text itself is not repeated.
  if (storedSecret.test(last)) return [{ address, message: `${path.join('.')} would be kept in the state` }];
  if (last.endsWith('_wo') && !/^\$\{var\.[a-z_]+\}$/.test(text))
    return [{ address, message: `${path.join('.')} is not from a variable` }];
  if (containsToken(text) || containsUrlPassword(text.replaceAll(/\$\{[^}]+\}/g, () => '${x}')))
    return [{ address, message: `${path.join('.')} looks like a secret` }];
  return [];
}
