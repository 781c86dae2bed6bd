import type { AgentSpec } from '../schema/agent.js';
import type { TargetKind } from '../target-kind.js';

/** The columns of the capability matrix: a target, or one of two ways a target can run things. */
export const columns = [
  'aws',
  'gcp',
  'azure-container-apps',
  'azure-aci',
  'kubernetes',
  'local-docker',
  'local-process',
] as const;

/** One column of the capability matrix. */
export type Column = (typeof columns)[number];

/** A column as people write its name. */
export const columnTitles: Readonly<Record<Column, string>> = {
  aws: 'AWS',
  gcp: 'Google Cloud',
  'azure-container-apps': 'Azure (container-apps)',
  'azure-aci': 'Azure (aci)',
  kubernetes: 'Kubernetes',
  'local-docker': 'local (docker)',
  'local-process': 'local (process)',
};

/** The column that a target is for a spec. Locally `auto` counts as the process runtime. */
export function columnOf(spec: Pick<AgentSpec, 'clouds'>, target: TargetKind): Column {
  if (target === 'azure') return spec.clouds.azure?.compute === 'aci' ? 'azure-aci' : 'azure-container-apps';
  if (target === 'local') return spec.clouds.local?.runtime === 'docker' ? 'local-docker' : 'local-process';
  return target;
}
