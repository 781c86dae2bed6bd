import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FakeWorld } from './fake-world.js';
import { imageRegistry } from './services/ecr/image-registry.js';
import { pushDirectoryAsImage, type PushedImageConfig } from '../cloud/registry/push-directory.js';

/** An image of one file. */
export interface FakeAppOptions {
  /** @default 'app'; made when it is not there */
  readonly repository?: string;
  /** Source of `/app/main.mjs`. */
  readonly source: string;
  /** @default `node main.mjs` */
  readonly config?: Partial<PushedImageConfig>;
}

/** Says where it is on `/`, is well on `/health`. */
export const helloApp = (text: string, health = 200): string => `
import { createServer } from 'node:http';
const server = createServer((request, response) => {
  if (request.url === '/health') return void response.writeHead(${health}).end();
  response.end(${JSON.stringify(text)});
});
server.listen(8000, () => console.log('listening'));
process.on('SIGTERM', () => { console.log('stopping'); server.close(() => process.exit(0)); });
`;

/** Pushes an app and returns its image reference, with its digest. */
export async function pushApp(world: FakeWorld, options: FakeAppOptions): Promise<string> {
  const registry = await world.state(imageRegistry);
  const { repository = 'app', source, config } = options;
  if (!registry.store.repositories.has(repository)) registry.store.createRepository(repository);
  const directory = join(world.directory, 'sources', world.newId());
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'main.mjs'), source);
  const digest = await pushDirectoryAsImage({
    registry,
    repository,
    directory,
    config: { command: ['node', 'main.mjs'], ...config },
  });
  return `${registry.host}/${repository}@${digest}`;
}
