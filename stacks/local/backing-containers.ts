import type { AgentSpec } from '../spec/index.js';
import { backingNames, type BackingName } from './compose/backing.js';
import { composeProject } from './compose/compose-project.js';
import type { ComposeService } from './compose/compose-service.js';
import { type PasswordOwner, passwordVariable } from './compose/password-variable.js';
import { temporalPort } from './compose/temporal.js';
import type { PlannedServerContainer } from './local-plan.js';
import { poolerPort } from './pooler-start.js';

/** A server beside PostgreSQL. */
export interface PlannedServer {
  readonly name: Exclude<BackingName, 'postgres'>;
  /** Inside the network. */
  readonly port: number;
  readonly container: PlannedServerContainer;
}

/** The superuser of every local database server; cli/tools/postgres knows it under this name. */
const postgresAdmin = 'agentctl_admin';

/** Where agentctl keeps the password that a variable of the Compose project holds. */
const generatedPasswords: Readonly<Record<PasswordOwner, string>> = {
  postgres: 'postgres.password',
  cache: 'redis.password',
  queue: 'queue.password',
};

const defaultStopGraceSeconds = 10;

/**
 * Pure: the servers of the Compose project as agentctl runs them itself: with its own superuser in PostgreSQL, and with
 * references in place of the variables of an `.env` file.
 */
export function backingContainers(
  spec: AgentSpec,
  stage: string,
): { readonly postgres: PlannedServerContainer | undefined; readonly servers: readonly PlannedServer[] } {
  const { services } = composeProject({ spec, stage, projectPath: '.', environmentFile: '.env' });
  const containers = backingNames(spec).flatMap((name) => {
    const service = services[name];
    return service === undefined ? [] : [{ name, port: portOf(name, spec), container: containerOf(spec, service) }];
  });
  const postgres = containers.find(({ name }) => name === 'postgres')?.container;
  return {
    postgres: postgres === undefined ? undefined : { ...postgres, env: { ...postgres.env, ...adminEnvironment } },
    servers: containers.flatMap(({ name, ...server }) => (name === 'postgres' ? [] : [{ name, ...server }])),
  };
}

/** The agent's own role and database are made later, and are no superuser's. */
const adminEnvironment = {
  POSTGRES_USER: postgresAdmin,
  POSTGRES_PASSWORD: '${generated.postgres.adminPassword}',
  POSTGRES_DB: 'postgres',
};

/** The ports that the images listen on. */
function portOf(name: BackingName, { queue }: AgentSpec): number {
  switch (name) {
    case 'postgres':
      return 5432;
    case 'pooler':
      return poolerPort;
    case 'search':
      return 9200;
    case 'cache':
      return 6379;
    case 'queue':
      return queue?.kind === 'managed' && queue.engine === 'rabbitmq' ? 5672 : 6379;
    case 'temporal':
      return temporalPort;
  }
}

function containerOf(spec: AgentSpec, service: ComposeService): PlannedServerContainer {
  const { image = '', entrypoint, command, environment = {}, volumes = [], healthcheck, stop_grace_period } = service;
  const [dataPath] = volumes.map((volume) => volume.slice(volume.indexOf(':') + 1));
  const { user, read_only: readOnly = false, tmpfs = [], cap_drop, shm_size, stop_signal } = service;
  return {
    image,
    ...(entrypoint === undefined ? {} : { entrypoint: entrypoint.map(unescaped) }),
    command: (command ?? []).map(unescaped),
    env: Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, templateOf(spec, value)])),
    ...(dataPath === undefined ? {} : { dataPath }),
    readyCommand: readyCommandOf(healthcheck?.test ?? []),
    readyWithinSeconds:
      seconds(healthcheck?.start_period) + (healthcheck?.retries ?? 1) * seconds(healthcheck?.interval),
    stopGraceSeconds: stop_grace_period === undefined ? defaultStopGraceSeconds : seconds(stop_grace_period),
    ...(stop_signal === undefined ? {} : { stopSignal: stop_signal }),
    ...(shm_size === undefined ? {} : { sharedMemoryMiB: Number.parseInt(shm_size, 10) }),
    ...(cap_drop === undefined
      ? {}
      : { confinement: { readOnly, tmpfs, ...(user === undefined ? {} : { user }), capAdd: [] } }),
  };
}

/** `$$` is how a Compose file writes a dollar sign. */
function unescaped(text: string): string {
  return text.replaceAll('$$', () => '$');
}

/** A value in which the password variables of the project became references. */
function templateOf(spec: AgentSpec, value: string): string {
  const owners: readonly PasswordOwner[] = ['postgres', 'cache', 'queue'];
  const reference = new Map(owners.map((owner) => [passwordVariable(owner, spec), generatedPasswords[owner]]));
  return unescaped(
    value.replaceAll(/\$\{(\w+):\?[^}]*\}/g, (whole, variable: string) => {
      const generated = reference.get(variable);
      return generated === undefined ? whole : `\${generated.${generated}}`;
    }),
  );
}

function readyCommandOf([kind, ...rest]: readonly string[]): readonly string[] {
  return (kind === 'CMD-SHELL' ? ['sh', '-c', ...rest] : rest).map(unescaped);
}

/** The seconds in `15s`. */
function seconds(duration = '0s'): number {
  return Number.parseInt(duration, 10);
}
