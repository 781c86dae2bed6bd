import { join } from 'node:path';
import { contentKey } from './content-key.js';
import { debianMirror } from './debian-mirror.js';
import { type DockerClient, dockerOutput, tryDocker } from './docker-command.js';
import { rootFileSystem, rootFileSystemName } from './root-file-system.js';

/** What stands in for the public images, since none can be pulled everywhere; each honours the contract of its own. */
export const baseImageNames = ['postgres', 'python', 'rabbitmq', 'pgbouncer', 'valkey', 'search', 'caddy'] as const;

/** One of them. */
export type BaseImageName = (typeof baseImageNames)[number];

/** References of the built images, such as `agentctl-test/postgres:0a1b2c3d4e5f`. */
export type BaseImages = Readonly<Record<BaseImageName, string>>;

const directory = join(import.meta.dirname, 'images');
/** One per core: what takes time is unpacking. */
const buildsAtOnce = 2;

/** Builds what the engine does not have yet, and says how long each took. */
export async function buildBaseImages({ program }: DockerClient, say: (line: string) => void): Promise<BaseImages> {
  const mirror = debianMirror();
  const timed = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    const started = performance.now();
    await work();
    say(`${what}: ${((performance.now() - started) / 1000).toFixed(0)} s`);
  };
  const isThere = async (image: string): Promise<boolean> =>
    (await tryDocker(program, ['image', 'inspect', image])).exitCode === 0;
  const build = async (name: string, image: string, base: string): Promise<void> => {
    if (await isThere(image)) return;
    // The classic builder: it takes a base that only the engine has, and every version of Docker has it.
    await timed(image, () =>
      dockerOutput(
        program,
        ['build', '--quiet', '--force-rm', '--build-arg', `BASE=${base}`, '--tag', image, join(directory, name)],
        { environment: { DOCKER_BUILDKIT: '0' } },
      ),
    );
  };

  const root = `agentctl-test/root:${rootFileSystemName(mirror)}`;
  if (!(await isThere(root))) {
    await timed(root, async () => await dockerOutput(program, ['import', await rootFileSystem(mirror), root]));
  }
  const debianKey = contentKey(join(directory, 'debian'), [root]);
  const debian = `agentctl-test/debian:${debianKey}`;
  await build('debian', debian, root);
  const images = Object.fromEntries(
    baseImageNames.map((name) => [name, `agentctl-test/${name}:${contentKey(join(directory, name), [debianKey])}`]),
  ) as BaseImages;
  const waiting = [...baseImageNames];
  const buildNext = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      await build(name, images[name], debian);
    }
  };
  await Promise.all(Array.from({ length: buildsAtOnce }, buildNext));
  return images;
}
