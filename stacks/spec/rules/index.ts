import { awsConnections } from './aws-connections.js';
import { awsLimits } from './aws-limits.js';
import { awsNetwork } from './aws-network.js';
import { awsRollout } from './aws-rollout.js';
import { awsSchedules } from './aws-schedules.js';
import { awsSearchStorage } from './aws-search-storage.js';
import { buildSecrets } from './build-secrets.js';
import { certificate } from './certificate.js';
import { commands } from './commands.js';
import { connectionBudget } from './connection-budget.js';
import { cron } from './cron.js';
import { declaredTwice } from './declared-twice.js';
import { gcpLimits } from './gcp-limits.js';
import { hostNames } from './host-name.js';
import { httpPaths } from './http-paths.js';
import { kubernetesRequests } from './kubernetes-requests.js';
import { localImages } from './local-images.js';
import { localTemporal } from './local-temporal.js';
import { names } from './names.js';
import { neededSections } from './needed-sections.js';
import { offeredSize } from './offered-size.js';
import { openCors } from './open-cors.js';
import { pinnedImage } from './pinned-image.js';
import { ports } from './ports.js';
import { references } from './references.js';
import { region } from './region.js';
import { registryLogin } from './registry-login.js';
import { reservedVariables } from './reserved-variables.js';
import { routes } from './routes.js';
import type { Rule } from './rule.js';
import { scaleRange } from './scale-range.js';
import { secretLiterals } from './secret-literals.js';
import { targetSettings } from './target-settings.js';
import { uniqueNames } from './unique-names.js';

/** Every check across fields; all of them run, and each reports all it finds. */
export const rules: readonly Rule[] = [
  names,
  uniqueNames,
  secretLiterals,
  declaredTwice,
  reservedVariables,
  references,
  commands,
  pinnedImage,
  ports,
  routes,
  httpPaths,
  scaleRange,
  offeredSize,
  connectionBudget,
  neededSections,
  cron,
  hostNames,
  openCors,
  region,
  certificate,
  awsNetwork,
  awsLimits,
  awsConnections,
  awsSearchStorage,
  awsRollout,
  awsSchedules,
  gcpLimits,
  targetSettings,
  kubernetesRequests,
  buildSecrets,
  localImages,
  registryLogin,
  localTemporal,
];
