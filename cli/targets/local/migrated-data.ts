import type { ProcessPlan } from '../../../stacks/local/process-plan.js';
import type { PlanBuilder } from '../../plan/plan-builder.js';
import { type DeferredInputs, outputOf, type OutputReference, type StepHandle } from '../../plan/reference.js';
import { buildArtifact } from '../../steps/local/build-artifact.js';
import { provisionPostgres } from '../../steps/local/provision-postgres.js';
import { provisionRedis } from '../../steps/local/provision-redis.js';
import { runMigration } from '../../steps/local/run-migration.js';
import { takeBackup } from '../../steps/local/take-backup.js';
import { datedId } from '../../supervisor/data/dated-id.js';
import type { PostgresRequest } from '../../supervisor/protocol.js';
import type { LocalFacts } from './local-facts.js';
import { type Artifacts, artifactOf } from './release-manifest.js';

/** Builds what these contexts hold. Returns what each will be. */
export function addBuilds(
  builder: PlanBuilder,
  { contexts }: Pick<ProcessPlan, 'contexts'>,
  { digests }: Pick<LocalFacts, 'digests'>,
): Artifacts<OutputReference<string>> {
  const entries = Object.entries(contexts).map(([context, { build }], index) => {
    const digest = digests[context] ?? '';
    const inputs = { context, build: build.map((argv) => [...argv]), digest };
    const handle = builder.add(index === 0 ? 'build' : `build-${index + 1}`, buildArtifact, inputs);
    return [context, { digest, directory: outputOf(handle, 'directory') }] as const;
  });
  return Object.fromEntries(entries);
}

/** What migrations run with. */
export interface MigratedDataOptions {
  /** What `${release.id}` means to them. */
  readonly release: string;
  readonly processes: ProcessPlan;
  readonly facts: Pick<LocalFacts, 'runId' | 'now' | 'hasDatabase'>;
  readonly artifacts: Artifacts<OutputReference<string>>;
}

/** Brings up the data of the agent and migrates it. Returns what has to be done before anything may use it. */
export function addMigratedData(builder: PlanBuilder, options: MigratedDataOptions): readonly StepHandle<unknown>[] {
  const data = addData(builder, options.processes);
  return [...data, ...addMigrations(builder, options, data)];
}

/** The database that the processes of a plan use. */
export function postgresRequestOf({ postgres }: ProcessPlan): PostgresRequest | undefined {
  if (postgres === undefined) return undefined;
  const { database, user, extensions, port, dumps } = postgres;
  return {
    database,
    user,
    extensions: [...extensions],
    ...(port === undefined ? {} : { port }),
    ...(dumps === undefined ? {} : { dumps }),
  };
}

function addData(builder: PlanBuilder, processes: ProcessPlan): readonly StepHandle<unknown>[] {
  const handles: StepHandle<unknown>[] = [];
  const postgres = postgresRequestOf(processes);
  if (postgres !== undefined) handles.push(builder.add('postgres', provisionPostgres, postgres));
  if (processes.redis) handles.push(builder.add('redis', provisionRedis, {}));
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
      artifact: artifactOf(artifacts, migration),
      command: [...migration.command],
      env: { ...migration.env },
      timeoutSeconds: migration.timeoutSeconds,
    };
    const inputs = { name: migration.name, task };
    previous = [builder.add(`migration-${migration.name}`, runMigration, inputs, { after: previous })];
  }
  return previous;
}
