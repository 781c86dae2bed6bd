import type { FakeWorld } from './fake-world.js';

/** Who may call, by access key id. */
export interface Credentials {
  /** A new key of this principal. */
  readonly issue: (
    arn: string,
    prefix: 'AKIA' | 'ASIA',
  ) => { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly principal: (accessKeyId: string) => string | undefined;
}

/** Keys that this fake gave out; keys of anybody else are refused, so that nothing real is sent here unnoticed. */
export function credentials(world: FakeWorld): Credentials {
  const principals = new Map<string, string>();
  return {
    issue(arn, prefix) {
      const accessKeyId = `${prefix}${world.newId(16).toUpperCase()}`;
      principals.set(accessKeyId, arn);
      return { accessKeyId, secretAccessKey: world.newId(40) };
    },
    principal: (accessKeyId) => principals.get(accessKeyId),
  };
}
