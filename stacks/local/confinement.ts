import type { AgentSpec } from '../spec/index.js';

/** How a container of the agent is confined: services, schedules and migrations. */
export interface Confinement {
  /** Nothing can be written but what is in `tmpfs` and in volumes. */
  readonly readOnly: boolean;
  /** Directories in memory. */
  readonly tmpfs: readonly string[];
  /** `user` or `user:group`. @default - the one the image names */
  readonly user?: string;
  readonly capDrop: readonly ['ALL'];
  readonly capAdd: readonly string[];
  readonly securityOpt: readonly ['no-new-privileges:true'];
}

/**
 * Pure: `clouds.local.docker` with what is always so. No capability is left (as on Fargate and Cloud Run, which have no
 * way to add one that matters), and no set-user-id program gains any.
 */
export function confinement({ clouds }: Pick<AgentSpec, 'clouds'>): Confinement {
  const { readOnly = false, tmpfs, user, capAdd = [] } = clouds.local?.docker ?? {};
  return {
    readOnly,
    tmpfs: tmpfs ?? (readOnly ? ['/tmp'] : []),
    ...(user === undefined ? {} : { user }),
    capDrop: ['ALL'],
    capAdd,
    securityOpt: ['no-new-privileges:true'],
  };
}
