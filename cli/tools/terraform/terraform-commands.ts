/** Arguments of Terraform, as values. The configuration is in the directory they run in. */

/** Says which program it is, as JSON. */
export const versionArguments: readonly string[] = ['version', '-json'];

/**
 * Gets backend and provider ready. `-reconfigure`: another backend is another state, and is never copied from one to the other.
 * With a lock file beside the configuration nothing but what it says is installed.
 */
export function initArguments({ hasLockFile }: { readonly hasLockFile: boolean }): readonly string[] {
  return ['init', '-input=false', '-no-color', '-reconfigure', ...(hasLockFile ? ['-lockfile=readonly'] : [])];
}

/**
 * Plans into a file; exit code 2 when there is something to do. Without the lock: a plan that another apply overtook is
 * refused as stale, and a plan that is killed leaves no lock behind.
 */
export function planArguments({
  out,
  destroy,
}: {
  readonly out: string;
  readonly destroy: boolean;
}): readonly string[] {
  const what = destroy ? ['-destroy'] : [];
  return ['plan', ...what, '-input=false', '-json', '-detailed-exitcode', '-lock=false', `-out=${out}`];
}

/** The content of a plan as one line of JSON, with secret values where the state has some. */
export function showArguments(plan: string): readonly string[] {
  return ['show', '-no-color', '-json', plan];
}

/** Applies exactly what was planned. */
export function applyArguments(plan: string): readonly string[] {
  return ['apply', '-input=false', '-json', plan];
}

/** Outputs of the last apply as JSON, sensitive ones included. */
export const outputArguments: readonly string[] = ['output', '-no-color', '-json'];

/** The state as JSON, with the secret values that it has. */
export const showStateArguments: readonly string[] = ['show', '-no-color', '-json'];

/** Takes back that a resource has to be replaced because its creation failed. */
export function untaintArguments(address: string): readonly string[] {
  return ['untaint', '-no-color', address];
}

/** Addresses of the state, one a line. */
export const stateListArguments: readonly string[] = ['state', 'list', '-no-color'];

/** Writes a state that could not be written before. Terraform refuses one that is older than what is there. */
export function statePushArguments(file: string): readonly string[] {
  return ['state', 'push', '-no-color', file];
}

/** Frees a lock by its id. */
export function unlockArguments(lockId: string): readonly string[] {
  return ['force-unlock', '-no-color', '-force', lockId];
}
