import { stringify } from 'yaml';
import { pgModule } from './local-apps.js';

/** What the fixture agent's agentctl.yaml says. */
export interface ConfigOptions {
  /** @default 1 */
  readonly replicas?: number;
  /** @default 1s */
  readonly bake?: string;
  /** @default 10s */
  readonly startupTimeout?: string;
  /** @default 10s */
  readonly drain?: string;
  /** A database, with its URL in DATABASE_URL. @default false */
  readonly postgres?: boolean;
  /** Run migrate.mjs; a duration is its timeout. @default - no migration */
  readonly migration?: true | string;
  /** Take a backup before the migration. @default false */
  readonly snapshot?: boolean;
  /** When backups are taken. @default - never */
  readonly dumps?: string;
  /** Run build.mjs. @default false */
  readonly build?: boolean;
  readonly secrets?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Further services, by name, in the words of agentctl.yaml. */
  readonly services?: Readonly<Record<string, unknown>>;
  readonly schedules?: Readonly<Record<string, unknown>>;
}

/** An agentctl.yaml with the service `api`, which answers on every path. */
export function configText(options: ConfigOptions = {}): string {
  const { snapshot = false, dumps } = options;
  const { replicas = 1, bake = '1s', startupTimeout = '30s', drain = '10s', migration } = options;
  const database = { PG_MODULE: pgModule, DATABASE_URL: '${postgres.url}' };
  return stringify({
    name: 'e2e-agent',
    env: { RELEASE_ID: '${release.id}', ...(options.postgres === true ? database : {}), ...options.env },
    ...(options.secrets === undefined ? {} : { secrets: options.secrets }),
    services: {
      api: {
        command: ['node', 'app.mjs'],
        env: { SERVICE: 'api' },
        port: 8000,
        routes: [{ path: '/' }],
        health: { readiness: '/health', startupTimeout },
        scale: { min: replicas },
        drain,
      },
      ...options.services,
    },
    ...(options.schedules === undefined ? {} : { schedules: options.schedules }),
    ...(migration === undefined
      ? {}
      : {
          migrations: { command: ['node', 'migrate.mjs'], timeout: migration === true ? '40s' : migration, snapshot },
        }),
    ...(options.postgres === true
      ? { postgres: { database: 'e2e', ...(dumps === undefined ? {} : { backups: { dumps: { cron: dumps } } }) } }
      : {}),
    clouds: {
      local: {
        runtime: 'process',
        bake,
        ...(options.build === true ? { process: { build: [['node', 'build.mjs']] } } : {}),
      },
    },
  });
}
