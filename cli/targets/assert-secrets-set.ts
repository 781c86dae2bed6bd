import { AgentctlError } from '../errors.js';

/** What a spec asks for. */
export interface NeededSecrets {
  /** Names, of the file; some may be there twice. */
  readonly needed: readonly string[];
  readonly isSet: (secret: string) => boolean;
  /** Flags that repeat the choice of stage. */
  readonly flags: string;
}

/** @throws SecretMissing, with a command for each secret that has no value */
export function assertSecretsSet({ needed, isSet, flags }: NeededSecrets): void {
  const missing = [...new Set(needed)].filter((secret) => !isSet(secret));
  if (missing.length === 0) return;
  throw new AgentctlError('SecretMissing', `no value is set for ${missing.join(', ')}`, {
    fix: missing.map((secret) => `agentctl secrets set ${secret} ${flags}`).join('\n       '),
  });
}
