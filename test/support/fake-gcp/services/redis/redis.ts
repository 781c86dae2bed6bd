import type { FakeService } from '../../fake-service.js';
import { notFound } from '../../google-error.js';

/** An instance of Memorystore: nothing answers at its address. */
export interface RedisInstance {
  readonly name: string;
  readonly authString: string;
  readonly host: string;
}

/** The instances of one fake, by name: `world.state(redisInstances)`. */
export function redisInstances(): Map<string, RedisInstance> {
  return new Map();
}

/** Memorystore for Redis v1, as far as its password goes. */
export const redis: FakeService = {
  name: 'redis',
  routes: (world) => [
    {
      method: 'GET',
      path: '/v1/projects/{project}/locations/{location}/instances/{name}/authString',
      name: 'projects.locations.instances.getAuthString',
      handle: ({ path }) => {
        const found = world.state(redisInstances).get(path['name'] ?? '');
        if (found === undefined)
          throw notFound(
            `Resource 'projects/${world.project}/locations/${path['location']}/instances/${path['name']}' was not found`,
          );
        return { authString: found.authString };
      },
    },
  ],
};
