import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pushDirectoryAsImage, type PushedImageConfig } from '../cloud/registry/push-directory.js';
import type { FakeWorld } from './fake-world.js';
import { imageRegistry } from './services/registry/image-registry.js';
import { repositories } from './services/registry/repositories.js';

/** An image of some files. */
export interface PushedApp {
  /** @default 'tests'; made when it is not there */
  readonly repository?: string;
  /** @default 'app' */
  readonly image?: string;
  /** Content by path below `/app`. */
  readonly files: Readonly<Record<string, string>>;
  /** @default `node main.mjs` */
  readonly config?: Partial<PushedImageConfig>;
  readonly tags?: readonly string[];
}

/** Pushes an app and returns its image reference as Terraform and gcloud name it, with its digest. */
export async function pushApp(world: FakeWorld, options: PushedApp): Promise<string> {
  const { repository = 'tests', image = 'app', files, config, tags } = options;
  const registry = await world.state(imageRegistry);
  const known = world.state(repositories);
  if (!known.has(repository)) {
    known.set(repository, { name: repository, location: world.region, createdAt: new Date(), immutableTags: false });
  }
  const directory = join(world.directory, 'sources', world.newId());
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  const name = `${world.project}/${repository}/${image}`;
  const digest = await pushDirectoryAsImage({
    registry,
    repository: name,
    directory,
    config: { command: ['node', 'main.mjs'], platform: 'linux/amd64', ...config },
    ...(tags === undefined ? {} : { tags }),
  });
  return `${world.region}-docker.pkg.dev/${name}@${digest}`;
}
