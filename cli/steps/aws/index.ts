import { type AnyStep, stepCatalogue } from '../../plan/step.js';
import { imageSteps } from '../images/index.js';
import type { AwsStepTools } from './aws-step-tools.js';
import { admitUsers } from './admit-users.js';
import { changePassword } from './change-password.js';
import { composeSecrets } from './compose-secrets.js';
import { deleteSecrets } from './delete-secrets.js';
import { deployStack } from './deploy-stack.js';
import { destroyStack } from './destroy-stack.js';
import { emptyRepository } from './empty-repository.js';
import { ensureSecrets } from './ensure-secrets.js';
import { promoteSecret } from './promote-secret.js';
import { recordRelease } from '../releases/record-release.js';
import { removeDatabase } from './remove-database.js';
import { restoreDatabase } from './restore-database.js';
import { restorePassword } from './restore-password.js';
import { restoreSecret } from './restore-secret.js';
import { returnDatabase } from './return-database.js';
import { returnService } from './return-service.js';
import { runMigration } from './run-migration.js';
import { settlePassword } from './settle-password.js';
import { snapshotDatabase } from './snapshot-database.js';
import { verifyRelease } from './verify-release.js';

/** Every kind of step that a plan for AWS may hold. */
export const awsSteps: ReadonlyMap<string, AnyStep<AwsStepTools>> = stepCatalogue<AwsStepTools>([
  ...imageSteps,
  ensureSecrets,
  deployStack,
  composeSecrets,
  snapshotDatabase,
  runMigration,
  verifyRelease,
  recordRelease,
  returnService,
  promoteSecret,
  restoreSecret,
  changePassword,
  restorePassword,
  settlePassword,
  admitUsers,
  restoreDatabase,
  returnDatabase,
  destroyStack,
  emptyRepository,
  removeDatabase,
  deleteSecrets,
]);
