export { type AdminConnection, asAdmin } from './as-admin.js';
export {
  type ApplicationDatabase,
  type PostgresReadiness,
  applyPassword,
  ensureApplicationDatabase,
  passwordStatement,
  serverVersion,
  waitForPostgres,
} from './admin.js';
export { type BaseBackup, takeBaseBackup } from './base-backup.js';
export { type PostgresBinaries, bundledPostgresVersion, preparePostgresBinaries } from './binaries.js';
export { type PostgresHome, externalPostgresDirectory, preparePostgresHome, restorePostgresHome } from './home.js';
export { initializePostgres } from './initialize.js';
export { adminRole } from './names.js';
export { type OpenServer, openPostgres } from './open-postgres.js';
export { type OsUser, databaseOsUser } from './os-user.js';
export { readSchemaRevision, schemaRevision } from './schema-revision.js';
export { resetAdminPassword, startPostgres, stopPostgres } from './server-process.js';
export { assertArchiveIntact, unpackBackup } from './unpack-backup.js';
export {
  createRestored,
  dropReplaced,
  dropRestored,
  replacedDatabases,
  restoredDatabase,
  settleDatabases,
  swapDatabases,
} from './swap-database.js';
export { type VerifiedServer, verifyDatabase, verifyPostgres } from './verify-postgres.js';
