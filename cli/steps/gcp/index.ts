import { type AnyStep, stepCatalogue } from '../../plan/step.js';
import { imageSteps } from '../images/index.js';
import { recordRelease } from '../releases/record-release.js';
import { changePassword } from './change-password.js';
import { checkCandidate } from './check-candidate.js';
import { composeSecrets } from './compose-secrets.js';
import { deployConfiguration } from './deploy-configuration.js';
import { ensureSecrets } from './ensure-secrets.js';
import { destroyConfiguration } from './destroy-configuration.js';
import { deleteSecrets } from './delete-secrets.js';
import { disableVersions } from './disable-versions.js';
import { forgetStage } from './forget-stage.js';
import type { GcpStepTools } from './gcp-step-tools.js';
import { holdTraffic } from './hold-traffic.js';
import { promoteSecret } from './promote-secret.js';
import { removeServices } from './remove-services.js';
import { restoreDatabase } from './restore-database.js';
import { restorePassword } from './restore-password.js';
import { returnDatabase } from './return-database.js';
import { returnTraffic } from './return-traffic.js';
import { runMigration } from './run-migration.js';
import { shiftTraffic } from './shift-traffic.js';
import { snapshotDatabase } from './snapshot-database.js';
import { verifyRelease } from './verify-release.js';

/** Every kind of step that a plan for Google Cloud may hold. */
export const gcpSteps: ReadonlyMap<string, AnyStep<GcpStepTools>> = stepCatalogue<GcpStepTools>([
  ...imageSteps,
  ensureSecrets,
  deployConfiguration,
  composeSecrets,
  snapshotDatabase,
  runMigration,
  holdTraffic,
  checkCandidate,
  shiftTraffic,
  returnTraffic,
  removeServices,
  verifyRelease,
  recordRelease,
  promoteSecret,
  disableVersions,
  destroyConfiguration,
  deleteSecrets,
  restoreDatabase,
  returnDatabase,
  changePassword,
  restorePassword,
  forgetStage,
]);
