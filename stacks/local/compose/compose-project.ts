import { backingNames } from './backing.js';
import type { ComposeContext } from './compose-context.js';
import type { ComposeService } from './compose-service.js';
import { gatewayName, gatewayService } from './gateway.js';
import { migrationServices } from './migrations.js';
import { appNetwork, dataNetwork } from './networks.js';
import { postgresService } from './postgres.js';
import { queueService } from './queue.js';
import { scheduleServices } from './schedules.js';
import { searchService } from './search.js';
import { agentServices } from './services.js';
import { valkeyService } from './valkey.js';

/** A project of the Compose Specification, with the fields we use. */
export interface ComposeProject {
  readonly name: string;
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, { readonly internal?: true }>>;
  readonly volumes?: Readonly<Record<string, Record<string, never>>>;
}

/** Pure: a spec as a Compose project, without any secret in it. */
export function composeProject(context: ComposeContext): ComposeProject {
  const { spec, stage } = context;
  const gateway = gatewayService(context);
  const backing = backingServices(context);
  const volumes = Object.fromEntries(Object.keys(backing).map((name) => [name, {}]));
  return {
    name: `${spec.name}-${stage}`,
    services: {
      ...(gateway === undefined ? {} : { [gatewayName]: gateway }),
      ...agentServices(context),
      ...migrationServices(context),
      ...scheduleServices(context),
      ...backing,
    },
    networks: {
      [appNetwork]: {},
      ...(backingNames(spec).length === 0 ? {} : { [dataNetwork]: { internal: true as const } }),
    },
    ...(Object.keys(volumes).length === 0 ? {} : { volumes }),
  };
}

function backingServices(context: ComposeContext): Readonly<Record<string, ComposeService>> {
  const { postgres, search, cache, queue } = context.spec;
  const services: Record<string, ComposeService> = {};
  for (const name of backingNames(context.spec)) {
    if (name === 'postgres' && postgres?.kind === 'managed') services[name] = postgresService(postgres, context);
    if (name === 'search' && search?.kind === 'managed') services[name] = searchService(search);
    if (name === 'cache' && cache?.kind === 'managed')
      services[name] = valkeyService(name, cache.memory.mebibytes, context);
    if (name === 'queue' && queue?.kind === 'managed') services[name] = queueService(queue.engine, context);
  }
  return services;
}
