import { isAgentctlError } from '../../errors.js';
import { readSecretStore } from '../../supervisor/secret-store.js';
import type { Finding } from '../target.js';

export interface SecretFindingsOptions {
  /** Names of the secrets that the config file declares. */
  readonly declaredSecrets: readonly string[];
  readonly stateDirectory: string;
  /** Flags that repeat the choice of stage, for hints. */
  readonly flags: string;
}

/** Looks for declared secrets without a value: no deploy begins without them. A store that is damaged is found elsewhere. */
export function secretFindings({ declaredSecrets, stateDirectory, flags }: SecretFindingsOptions): readonly Finding[] {
  const known = knownSecrets(stateDirectory);
  if (known === undefined || declaredSecrets.length === 0) return [];
  const missing = declaredSecrets.filter((name) => !known.includes(name));
  if (missing.length === 0) {
    return [{ level: 'ok', subject: 'secrets', message: `${declaredSecrets.join(', ')}: set` }];
  }
  return missing.map((name) => ({
    level: 'problem',
    subject: 'secrets',
    message: `no value is set for ${name}`,
    fix: `agentctl secrets set ${name} ${flags}`,
  }));
}

function knownSecrets(stateDirectory: string): readonly string[] | undefined {
  try {
    return Object.keys(readSecretStore(stateDirectory).secrets);
  } catch (error) {
    if (!isAgentctlError(error)) throw error;
    return undefined;
  }
}
