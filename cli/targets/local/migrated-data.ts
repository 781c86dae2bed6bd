import type { StagePlan } from '../../../stacks/local/stage-plan.js';
import type { PlanBuilder } from '../../plan/plan-builder.js';
import type { DeferredInputs, StepHandle } from '../../plan/reference.js';
import { provisionPostgres } from '../../steps/local/provision-postgres.js';
import { provisionRedis } from '../../steps/local/provision-redis.js';
import { provisionServer } from '../../steps/local/provision-server.js';
import { runMigration } from '../../steps/local/run-migration.js';
import { takeBackup } from '../../steps/local/take-backup.js';
import { datedId } from '../../supervisor/data/dated-id.js';
import { type PostgresRequest, serverContainer, serverRequest } from '../../supervisor/protocol.js';
import type { LocalFacts } from './local-facts.js';
import { type Artifacts, launchOf } from './release-manifest.js';

/** What migrations run with. */
export interface MigratedDataOptions {
  /** What `${release.id}` means to them. */
  readonly release: string;
  readonly processes: StagePlan;
  readonly facts: Pick<LocalFacts, 'runId' | 'now' | 'hasDatabase'>;
  readonly artifacts: Artifacts;
}

/** Brings up the data of the agent and migrates it. Returns what has to be done before anything may use it. */
export function addMigratedData(builder: PlanBuilder, options: MigratedDataOptions): readonly StepHandle<unknown>[] {
  const data = addData(builder, options.processes);
  return [...data, ...addMigrations(builder, options, data)];
}

/** The database that the processes of a plan use. */
export function postgresRequestOf({ postgres }: StagePlan): PostgresRequest | undefined {
  if (postgres === undefined) return undefined;
  const { database, user, extensions, port, dumps, container } = postgres;
  return {
    database,
    user,
    extensions: [...extensions],
    ...(port === undefined ? {} : { port }),
    ...(dumps === undefined ? {} : { dumps }),
    ...(container === undefined ? {} : { container: serverContainer.parse(container) }),
  };
}

function addData(builder: PlanBuilder, processes: StagePlan): readonly StepHandle<unknown>[] {
  const handles: StepHandle<unknown>[] = [];
  const postgres = postgresRequestOf(processes);
  if (postgres !== undefined) handles.push(builder.add('postgres', provisionPostgres, postgres));
  if (processes.runtime === 'process') {
    if (processes.redis) handles.push(builder.add('redis', provisionRedis, {}));
    return handles;
  }
  for (const server of processes.servers) {
    // The pooler is of no use before the database is there.
    const after = server.name === 'pooler' ? [...handles] : [];
    handles.push(builder.add(server.name, provisionServer, serverRequest.parse(server), { after }));
  }
  return handles;
}

/** One after the other: each waits for the one before. */
function addMigrations(
  builder: PlanBuilder,
  { release, processes, facts, artifacts }: MigratedDataOptions,
  after: readonly StepHandle<unknown>[],
): readonly StepHandle<unknown>[] {
  let previous = after;
  for (const migration of processes.migrations) {
    if (migration.snapshot === true && facts.hasDatabase) {
      const id = datedId('backup', new Date(facts.now), `${facts.runId}-${migration.name}`);
      const inputs = { id, reason: 'before-migration' } as const;
      previous = [builder.add(`snapshot-${migration.name}`, takeBackup, inputs, { after: previous })];
    }
    const task: DeferredInputs<Parameters<typeof runMigration.run>[0]>['task'] = {
      id: `${facts.runId}-${migration.name}`,
      release,
      ...launchOf(artifacts, migration),
      timeoutSeconds: migration.timeoutSeconds,
    };
    const inputs = { name: migration.name, task };
    previous = [builder.add(`migration-${migration.name}`, runMigration, inputs, { after: previous })];
  }
  return previous;
}
