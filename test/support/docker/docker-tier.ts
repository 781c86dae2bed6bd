import { inject } from 'vitest';
import type { BaseImages } from './base-images.js';
import type { DockerClient } from './docker-command.js';

/** What the global setup of the tier found and made, for every test file. */
export type DockerTier =
  | { readonly kind: 'ready'; readonly client: DockerClient; readonly images: BaseImages }
  | { readonly kind: 'missing'; readonly reason: string };

declare module 'vitest' {
  interface ProvidedContext {
    readonly dockerTier: DockerTier;
  }
}

/** Whether there is a daemon: `describe.skipIf(!hasDocker())`. The global setup has said why when there is none. */
export function hasDocker(): boolean {
  return inject('dockerTier').kind === 'ready';
}

/** The daemon's client and the base images. @throws Error when there are none: the caller has to skip */
export function dockerTier(): Extract<DockerTier, { kind: 'ready' }> {
  const tier = inject('dockerTier');
  if (tier.kind === 'missing') throw new Error(tier.reason);
  return tier;
}
