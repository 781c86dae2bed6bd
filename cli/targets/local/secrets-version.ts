import { createHmac } from 'node:crypto';
import type { SecretStore } from '../../supervisor/secret-store.js';

/**
 * Changes when a secret value does. Keyed with a random value of the store, so that the ledger, where it is kept, does
 * not let anyone test guesses of a short secret.
 */
export function secretsVersion({ generated, secrets }: SecretStore): string {
  const names = Object.keys(secrets).toSorted();
  if (names.length === 0) return 'none';
  const key = generated['fingerprint.key'] ?? '';
  return createHmac('sha256', key)
    .update(JSON.stringify(names.map((name) => [name, secrets[name]])))
    .digest('hex')
    .slice(0, 16);
}
