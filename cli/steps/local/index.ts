import { type AnyStep, stepCatalogue } from '../../plan/step.js';
import { imageSteps } from '../images/index.js';
import { buildArtifact } from './build-artifact.js';
import { drainRelease } from './drain-release.js';
import type { LocalTools } from './local-tools.js';
import { forgetSecret } from './forget-secret.js';
import { promoteSecret } from './promote-secret.js';
import { provisionPostgres } from './provision-postgres.js';
import { provisionRedis } from './provision-redis.js';
import { provisionServer } from './provision-server.js';
import { pruneArtifacts } from './prune-artifacts.js';
import { recordRelease } from './record-release.js';
import { removeRelease } from './remove-release.js';
import { removeState } from './remove-state.js';
import { restoreBackup } from './restore-backup.js';
import { restoreSecret } from './restore-secret.js';
import { returnTraffic } from './return-traffic.js';
import { runMigration } from './run-migration.js';
import { startRelease } from './start-release.js';
import { stopEverything } from './stop-everything.js';
import { switchTraffic } from './switch-traffic.js';
import { takeBackup } from './take-backup.js';
import { verifyRelease } from './verify-release.js';

/** Every kind of step that a plan for the local target may hold. */
export const localSteps: ReadonlyMap<string, AnyStep<LocalTools>> = stepCatalogue<LocalTools>([
  ...imageSteps,
  buildArtifact,
  provisionPostgres,
  provisionRedis,
  provisionServer,
  runMigration,
  startRelease,
  switchTraffic,
  verifyRelease,
  recordRelease,
  drainRelease,
  pruneArtifacts,
  returnTraffic,
  removeRelease,
  promoteSecret,
  restoreSecret,
  forgetSecret,
  takeBackup,
  restoreBackup,
  stopEverything,
  removeState,
]);
