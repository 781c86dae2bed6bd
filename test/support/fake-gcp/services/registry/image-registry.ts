import { join } from 'node:path';
import { type ImageRegistry, startImageRegistry } from '../../../cloud/registry/start-image-registry.js';
import type { FakeWorld } from '../../fake-world.js';
import { repositories } from './repositories.js';

/**
 * The registry of one fake: `await world.state(imageRegistry)`. Images are `project/repository/image`; a push makes the image,
 * not the repository.
 */
export async function imageRegistry(world: FakeWorld): Promise<ImageRegistry> {
  const known = world.state(repositories);
  const registry = await startImageRegistry(join(world.directory, 'registry'), {
    username: 'oauth2accesstoken',
    password: world.accessToken,
    service: 'docker.pkg.dev',
    isOwnHost: (host) => host.endsWith('-docker.pkg.dev'),
    find(store, name, isPush) {
      const image = store.repositories.get(name);
      if (image !== undefined || !isPush) return image;
      const [project, repository = '', ...path] = name.split('/');
      const found = known.get(repository);
      if (project !== world.project || found === undefined || path.length === 0) return undefined;
      return store.createRepository(name, { immutable: found.immutableTags });
    },
    notFound: (name) => `Repository "${name.split('/')[1] ?? name}" not found`,
  });
  world.onStop(registry.stop);
  return registry;
}
