import { AgentctlError } from '../errors.js';

/**
 * The same in both: Secrets Manager API, PutSecretValue, SecretString: "Maximum length of 65536" bytes; Secret Manager,
 * "Quotas and limits": the payload of a version.
 */
const longestBytes = 65_536;

/**
 * The value of a secret, as the secret store of a cloud takes it.
 *
 * @param store - what it is called
 * @throws UsageInvalid when it is too long
 */
export function fittingValue(store: 'Secrets Manager' | 'Secret Manager', secret: string, value: string): string {
  const bytes = Buffer.byteLength(value);
  if (bytes <= longestBytes) return value;
  const message = `the value of ${secret} has ${bytes.toLocaleString('en')} bytes; ${store} takes ${longestBytes.toLocaleString('en')}`;
  throw new AgentctlError('UsageInvalid', message, {
    fix: 'shorten it, or keep it in a file or bucket and make the secret what opens that',
  });
}
