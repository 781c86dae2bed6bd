import { AgentctlError } from '../../errors.js';

/** Secrets Manager API, PutSecretValue, SecretString: "Maximum length of 65536" bytes. */
const longestBytes = 65_536;

/**
 * The value of a secret, as Secrets Manager takes it.
 *
 * @throws UsageInvalid when it is too long
 */
export function fittingValue(secret: string, value: string): string {
  const bytes = Buffer.byteLength(value);
  if (bytes <= longestBytes) return value;
  const message = `the value of ${secret} has ${bytes.toLocaleString('en')} bytes; Secrets Manager takes ${longestBytes.toLocaleString('en')}`;
  throw new AgentctlError('UsageInvalid', message, {
    fix: 'shorten it, or keep it in a file or bucket and make the secret what opens that',
  });
}
