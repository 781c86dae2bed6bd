import { buildSecretNames } from '../../spec/index.js';
import { backingNames } from './backing.js';
import type { ComposeContext } from './compose-context.js';
import type { ComposeService } from './compose-service.js';
import { gatewayName, gatewayService } from './gateway.js';
import { migrationServices } from './migrations.js';
import { appNetwork, dataNetwork } from './networks.js';
import { poolerService } from './pooler.js';
import { postgresService } from './postgres.js';
import { queueService } from './queue.js';
import { scheduleServices } from './schedules.js';
import { searchService } from './search.js';
import { agentServices } from './services.js';
import { temporalService } from './temporal.js';
import { valkeyService } from './valkey.js';

/** A project of the Compose Specification, with the fields we use. */
export interface ComposeProject {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, { readonly internal?: true }>>;
  readonly volumes?: Readonly<Record<string, Record<string, never>>>;
  /** What builds read, from the `.env` file. */
  readonly secrets?: Readonly<Record<string, { readonly environment: string }>>;
}

/** Pure: a spec as a Compose project, without any secret in it. */
export function composeProject(context: ComposeContext): ComposeProject {
  const { spec } = context;
  const gateway = gatewayService(context);
  const backing = backingServices(context);
  const volumes = Object.fromEntries(
    Object.values(backing)
      .flatMap(volumeNames)
      .map((name) => [name, {}]),
  );
  const secrets = Object.fromEntries(buildSecretNames(spec).map((name) => [name, { environment: name }]));
  return {
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
    ...(Object.keys(secrets).length === 0 ? {} : { secrets }),
  };
}

function volumeNames({ volumes = [] }: ComposeService): readonly string[] {
  return volumes.flatMap((volume) => volume.split(':')[0] ?? []);
}

function backingServices(context: ComposeContext): Readonly<Record<string, ComposeService>> {
  const { postgres, cache, queue, clouds } = context.spec;
  const { temporal } = clouds.local ?? {};
  const services: Record<string, ComposeService> = {};
  for (const name of backingNames(context.spec)) {
    if (name === 'postgres' && postgres?.kind === 'managed') services[name] = postgresService(postgres, context);
    if (name === 'pooler' && postgres?.kind === 'managed') services[name] = poolerService(postgres, context);
    if (name === 'search') services[name] = searchService(context);
    if (name === 'cache' && cache?.kind === 'managed')
      services[name] = valkeyService(name, cache.memory.mebibytes, context);
    if (name === 'queue' && queue?.kind === 'managed') services[name] = queueService(queue.engine, context);
    if (name === 'temporal' && temporal !== undefined) services[name] = temporalService(temporal.namespace, context);
  }
  return services;
}
