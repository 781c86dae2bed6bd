import type { FakeService } from '../../fake-service.js';
import type { FakeWorld } from '../../fake-world.js';

/** The APIs that are enabled: `world.state(enabledServices)`. A new project has none that we need. */
export function enabledServices(): Set<string> {
  return new Set(['serviceusage.googleapis.com', 'cloudapis.googleapis.com']);
}

/** Service Usage v1. No API refuses to work before it is enabled. */
export const serviceusage: FakeService = {
  name: 'serviceusage',
  routes: (world) => {
    const enabled = world.state(enabledServices);
    const done = (): unknown => ({ name: 'operations/noop.DONE_OPERATION', done: true, response: {} });
    return [
      {
        method: 'GET',
        path: '/v1/projects/{project}/services',
        name: 'services.list',
        handle: () => ({ services: [...enabled].sort().map((name) => view(world, name, true)) }),
      },
      {
        method: 'GET',
        path: '/v1/projects/{project}/services/{name}',
        name: 'services.get',
        handle: ({ path }) => view(world, path['name'] ?? '', enabled.has(path['name'] ?? '')),
      },
      {
        method: 'POST',
        path: '/v1/projects/{project}/services/{name}:enable',
        name: 'services.enable',
        handle: ({ path }) => {
          enabled.add(path['name'] ?? '');
          return done();
        },
      },
      {
        method: 'POST',
        path: '/v1/projects/{project}/services:batchEnable',
        name: 'services.batchEnable',
        handle: ({ body }) => {
          for (const name of (body as { serviceIds?: string[] }).serviceIds ?? []) enabled.add(name);
          return done();
        },
      },
      { method: 'GET', path: '/v1/operations/{name+}', name: 'operations.get', handle: done },
    ];
  },
};

function view({ projectNumber }: FakeWorld, name: string, isEnabled: boolean): unknown {
  return {
    name: `projects/${projectNumber}/services/${name}`,
    parent: `projects/${projectNumber}`,
    config: { name, title: name },
    state: isEnabled ? 'ENABLED' : 'DISABLED',
  };
}
