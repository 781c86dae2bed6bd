import { type AgentSpec, imageSourceOf, imageSources, type ImageSpec, type SizeSpec } from '../spec/index.js';
import { backingContainers, type PlannedServer } from './backing-containers.js';
import { confinement } from './confinement.js';
import { temporalEnvironment } from './compose/temporal.js';
import { type LocalPlan, localPlan, type PlannedContainer, type PlannedMigration } from './local-plan.js';

/** What the docker runtime of the local target runs. */
export interface ContainerPlan extends LocalPlan {
  readonly runtime: 'docker';
  /** By a name of their own; two workloads with the same image share it. */
  readonly images: Readonly<Record<string, ImageSpec>>;
  /** Servers beside PostgreSQL, in the order they are started. */
  readonly servers: readonly PlannedServer[];
  /** Where built images are pushed: `localhost:5000/agents`. @default - they stay in the engine */
  readonly registry?: string;
}

/** Pure: a spec as containers. The spec has passed the capability checks of the docker runtime. */
export function containerPlan(spec: AgentSpec, stage: string): ContainerPlan {
  const plan = localPlan(spec, stage, (workload) => ({
    source: imageSourceOf(spec, workload),
    container: containerOf(spec, workload.size),
    defaults: temporalEnvironment({ spec }),
  }));
  const { postgres, servers } = backingContainers(spec, stage);
  const registry = spec.clouds.local?.registry;
  return {
    ...plan,
    ...(plan.postgres === undefined || postgres === undefined
      ? {}
      : { postgres: { ...plan.postgres, container: postgres } }),
    migrations: plan.migrations.map(withoutPooler),
    runtime: 'docker',
    images: imageSources(spec),
    servers,
    ...(registry === undefined ? {} : { registry }),
  };
}

function containerOf(spec: AgentSpec, { cpu, memory }: SizeSpec): PlannedContainer {
  const { readOnly, tmpfs, user, capAdd } = confinement(spec);
  return {
    cpus: cpu,
    memoryMiB: memory.mebibytes,
    readOnly,
    tmpfs,
    ...(user === undefined ? {} : { user }),
    capAdd,
  };
}

/** A migration with the database itself wherever it asks for a URL: a pooler does not give all that it may need. */
function withoutPooler(migration: PlannedMigration): PlannedMigration {
  return {
    ...migration,
    command: migration.command.map(direct),
    env: Object.fromEntries(Object.entries(migration.env).map(([name, value]) => [name, direct(value)])),
  };
}

function direct(template: string): string {
  return template.replaceAll(/(?<!\$)\$\{\s*postgres\.url\s*\}/g, () => '${postgres.directUrl}');
}
