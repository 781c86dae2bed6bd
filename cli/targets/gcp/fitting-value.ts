import { AgentctlError } from '../../errors.js';

/** Secret Manager, "Quotas and limits": the payload of a version. */
const longestBytes = 65_536;

/**
 * The value of a secret, as Secret Manager takes it.
 *
 * @throws UsageInvalid when it is too long
 */
export function fittingValue(secret: string, value: string): string {
  const bytes = Buffer.byteLength(value);
  if (bytes <= longestBytes) return value;
  const message = `the value of ${secret} has ${bytes.toLocaleString('en')} bytes; Secret Manager takes ${longestBytes.toLocaleString('en')}`;
  throw new AgentctlError('UsageInvalid', message, {
    fix: 'shorten it, or keep it in a file or bucket and make the secret what opens that',
  });
}
