import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FakeWorld } from '../../fake-world.js';
import { genericResources } from '../../resources/generic-resource.js';
import type { EcsTask } from './ecs-task.js';
import { ecsState } from './ecs-state.js';

/** Names that tasks find services by, as Cloud Map keeps them in a private zone. */
export interface PrivateNames {
  /** JSON of name → addresses; tasks look names up in it. */
  readonly file: string;
  /** Writes down which tasks run now. */
  publish(): void;
}

/** The names of one fake: `world.state(privateNames)`. A name has every task that runs and is not known to be unhealthy. */
export function privateNames(world: FakeWorld): PrivateNames {
  const file = join(world.directory, 'names.json');
  let written = '';
  return {
    file,
    publish() {
      const text = JSON.stringify(Object.fromEntries(namesOf(world)));
      if (text === written) return;
      written = text;
      writeFileSync(`${file}.next`, text);
      renameSync(`${file}.next`, file);
    },
  };
}

/** ECS developer guide, "Service discovery": by the health checks of its containers, as far as it has some. */
function isFound({ lastStatus, containers }: EcsTask): boolean {
  const checked = containers.filter(({ definition }) => definition.healthCheck !== undefined);
  return lastStatus === 'RUNNING' && checked.every(({ health }) => health === 'HEALTHY');
}

function namesOf(world: FakeWorld): Map<string, string[]> {
  const resources = world.state(genericResources);
  const nameOf = (registry: string): string | undefined => {
    const service = resources.get(`AWS::ServiceDiscovery::Service ${registry.split('/').at(-1)}`);
    const dns = service?.['DnsConfig'] as { readonly NamespaceId?: string } | undefined;
    const id = dns?.NamespaceId ?? service?.['NamespaceId'];
    const namespace = resources.get(`AWS::ServiceDiscovery::PrivateDnsNamespace ${String(id)}`);
    return namespace === undefined ? undefined : `${String(service?.['Name'])}.${String(namespace['Name'])}`;
  };
  const names = new Map<string, string[]>();
  for (const cluster of world.state(ecsState).clusters.values()) {
    for (const { settings, tasks } of cluster.services.values()) {
      const running = tasks.filter(({ task }) => isFound(task)).map(({ task }) => task.address);
      for (const { registryArn = '' } of settings.serviceRegistries) {
        const name = nameOf(registryArn);
        if (name !== undefined) names.set(name, [...(names.get(name) ?? []), ...running]);
      }
    }
  }
  return names;
}
