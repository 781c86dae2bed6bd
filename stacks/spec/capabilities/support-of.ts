import { awsSupport } from './aws.js';
import { containerAppsSupport, containerInstancesSupport } from './azure.js';
import type { Column } from './column.js';
import type { FeatureKey } from './features.js';
import { gcpSupport } from './gcp.js';
import { kubernetesSupport } from './kubernetes.js';
import { localDockerSupport, localProcessSupport } from './local.js';
import type { ColumnSupport, Support } from './support.js';

const supportByColumn: Readonly<Record<Column, ColumnSupport>> = {
  aws: awsSupport,
  gcp: gcpSupport,
  'azure-container-apps': containerAppsSupport,
  'azure-aci': containerInstancesSupport,
  kubernetes: kubernetesSupport,
  'local-docker': localDockerSupport,
  'local-process': localProcessSupport,
};

const native: Support = { support: 'native' };

/** How a column honours a feature. */
export function supportOf(feature: FeatureKey, column: Column): Support {
  return supportByColumn[column][feature] ?? native;
}
