import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type ImageRegistry, startImageRegistry } from '../../../cloud/registry/start-image-registry.js';
import type { FakeWorld } from '../../fake-world.js';

/** The registry of one fake: `await world.state(imageRegistry)`. As in ECR, no repository is made by a push. */
export async function imageRegistry(world: FakeWorld): Promise<ImageRegistry> {
  const registry = await startImageRegistry(join(world.directory, 'registry'), {
    username: 'AWS',
    password: randomBytes(24).toString('base64url'),
    service: 'ecr.amazonaws.com',
    isOwnHost: (host) => /\.dkr\.ecr\./.test(host),
    find: (store, name) => store.repositories.get(name),
    notFound: (name) =>
      `The repository with name '${name}' does not exist in the registry with id '${world.accountId}'`,
  });
  world.onStop(registry.stop);
  return registry;
}
