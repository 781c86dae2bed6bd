import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Whether a program is on the PATH. */
export function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((directory) => existsSync(join(directory, program)));
}

/**
 * Whether tests that need a tool can run here. Says why when they cannot; in CI, where the tool has to be there, that is
 * a failure.
 */
export function hasTool(program: string): boolean {
  if (isInstalled(program)) return true;
  const reason = `${program} is not installed`;
  if (process.env['CI'] === 'true') throw new Error(reason);
  console.log(`skipped: ${reason}`);
  return false;
}

/** Whether tests that need root can run here; says so when they cannot. */
export function isRoot(): boolean {
  if (process.getuid?.() === 0) return true;
  console.log('skipped: needs root, to become other users; everything else here runs as a normal user already');
  return false;
}
