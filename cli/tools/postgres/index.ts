export {
  type AdminConnection,
  type ApplicationDatabase,
  type PostgresReadiness,
  applyPassword,
  ensureApplicationDatabase,
  waitForPostgres,
} from './admin.js';
export { type PostgresBinaries, bundledPostgresVersion, preparePostgresBinaries } from './binaries.js';
export { type PostgresHome, externalPostgresDirectory, preparePostgresHome, restorePostgresHome } from './home.js';
export { initializePostgres } from './initialize.js';
export { adminRole } from './names.js';
export { type OsUser, databaseOsUser } from './os-user.js';
export { resetAdminPassword, startPostgres, stopPostgres } from './server-process.js';
