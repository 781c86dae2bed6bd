import { statSync } from 'node:fs';
import { isAgentctlError } from '../../errors.js';
import { quotedForShell } from '../../quoted-for-shell.js';
import { readDesired } from '../../supervisor/desired-state.js';
import { readSecretStore } from '../../supervisor/secret-store.js';
import { stateLayout } from '../../supervisor/state-layout.js';
import type { Finding } from '../target.js';

/** Looks at the files that a local stage is kept in. Finds nothing when all is well. */
export function stateFindings(stateDirectory: string): readonly Finding[] {
  const layout = stateLayout(stateDirectory);
  return [
    ...unreadable(() => readDesired(layout)),
    ...unreadable(() => readSecretStore(stateDirectory)),
    ...tooOpen(layout.secretsFile),
  ];
}

function unreadable(read: () => unknown): readonly Finding[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!isAgentctlError(error)) throw error;
    return [{ level: 'problem', subject: 'state', message: error.message, fix: error.fix }];
  }
}

function tooOpen(file: string): readonly Finding[] {
  const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? 0;
  if ((mode & 0o077) === 0) return [];
  const message = `others may read the secret store ${file} (mode ${(mode & 0o777).toString(8)})`;
  const fix = `chmod 600 ${quotedForShell(file)}; rotate what others may have read`;
  return [{ level: 'problem', subject: 'state', message, fix }];
}
