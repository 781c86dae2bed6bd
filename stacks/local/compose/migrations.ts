import { onHealthyBacking } from './backing.js';
import type { ComposeContext } from './compose-context.js';
import type { ComposeDependency, ComposeService } from './compose-service.js';
import { workloadContainer } from './workload-container.js';

/** Migrations as services that run once, each after the one before has succeeded, without a pooler in between. */
export function migrationServices(context: ComposeContext): Readonly<Record<string, ComposeService>> {
  const { spec } = context;
  const entries = spec.migrations.map((migration, index): [string, ComposeService] => {
    const { pooler: _, ...backing } = onHealthyBacking(spec);
    const dependencies = { ...backing, ...onSuccess(spec.migrations[index - 1]?.name) };
    const container = workloadContainer({ ...migration, isMigration: true }, dependencies, context);
    return [migration.name, { ...container, restart: 'no' }];
  });
  return Object.fromEntries(entries);
}

/** Every backing service answers and every migration has succeeded. */
export function onReadyData({ spec }: Pick<ComposeContext, 'spec'>): Readonly<Record<string, ComposeDependency>> {
  return { ...onHealthyBacking(spec), ...onSuccess(spec.migrations.at(-1)?.name) };
}

function onSuccess(name: string | undefined): Readonly<Record<string, ComposeDependency>> {
  return name === undefined ? {} : { [name]: { condition: 'service_completed_successfully' } };
}
