import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { dockerOutput, tryDocker } from '../support/docker/docker-command.js';
import { dockerTier, hasDocker } from '../support/docker/docker-tier.js';
import { type LocalRegistry, startRegistry } from '../support/docker/local-registry.js';
import { type RegistryProxy, startRegistryProxy } from '../support/docker/registry-proxy.js';
import { testName } from '../support/docker/test-container.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** An image of one layer of 1 MB that does not compress. Removed when the test ends. */
async function smallImage(address: string): Promise<string> {
  const { program } = dockerTier().client;
  const directory = await temporaryDirectory();
  await writeFile(join(directory, 'Dockerfile'), 'FROM scratch\nCOPY data /data\n');
  await writeFile(join(directory, 'data'), crypto.getRandomValues(new Uint8Array(65_536)));
  const image = `${address}/agents/${testName()}:1`;
  await dockerOutput(program, ['build', '--quiet', '--tag', image, directory], {
    environment: { DOCKER_BUILDKIT: '0' },
  });
  onTestFinished(async () => void (await tryDocker(program, ['image', 'rm', '--force', image])));
  return image;
}

async function manifestStatus({ address }: LocalRegistry, image: string): Promise<number> {
  const [, repository, tag] = /^[^/]+\/(.+):(.+)$/.exec(image) ?? [];
  return (await fetch(`http://${address}/v2/${repository}/manifests/${tag}`)).status;
}

describe.skipIf(!hasDocker())('the registry of the tier', () => {
  let registry: LocalRegistry;
  let proxy: RegistryProxy;

  beforeAll(async () => {
    registry = await startRegistry();
    proxy = await startRegistryProxy(registry);
  });

  afterAll(async () => {
    await proxy.stop();
    await registry.stop();
  });

  const push = async (image: string) => await tryDocker(dockerTier().client.program, ['push', image]);

  test('takes an image through the proxy, and nothing of it twice', async () => {
    const image = await smallImage(proxy.address);

    const first = await push(image);
    const before = proxy.seen.length;
    const second = await push(image);
    const again = proxy.seen.slice(before);

    expect(first, first.stderr).toMatchObject({ exitCode: 0 });
    expect(first.stdout).toMatch(/digest: sha256:[0-9a-f]{64}/);
    expect(second.exitCode).toBe(0);
    expect(again.filter(({ method }) => ['POST', 'PATCH'].includes(method))).toEqual([]);
  });

  // The engine itself tries a blob five times, for a minute in all: what lasts is left to the tests of the CLI.
  test.each([
    { kind: 'status', status: 401, times: 1 },
    { kind: 'status', status: 429, times: 1 },
    { kind: 'status', status: 500, times: 1 },
    { kind: 'no-space', times: 1 },
    { kind: 'cut', afterBytes: 10_000, times: 1 },
  ] as const)('disturbs a push once, and it goes on: %j', async (fault) => {
    const image = await smallImage(proxy.address);
    const before = proxy.struck;
    proxy.become(fault);
    onTestFinished(() => proxy.become(undefined));

    const pushed = await push(image);

    expect(pushed, pushed.stderr).toMatchObject({ exitCode: 0 });
    expect(proxy.struck).toBe(before + 1);
    expect(await manifestStatus(registry, image)).toBe(200);
  });

  test('takes the blobs and refuses the manifest: the push fails and nothing can be pulled', async () => {
    const image = await smallImage(proxy.address);
    proxy.become({ kind: 'manifest-status', status: 500 });
    onTestFinished(() => proxy.become(undefined));

    expect((await push(image)).exitCode).not.toBe(0);
    expect(await manifestStatus(registry, image)).toBe(404);
  });

  test('lets only those in who know the password', async () => {
    const login = { username: 'pusher', password: 'canary-of-the-registry' };
    const closed = await startRegistry({ login });
    onTestFinished(() => closed.stop());
    const config = await mkdtemp(join(tmpdir(), 'agentctl-docker-config-'));
    onTestFinished(() => rm(config, { recursive: true, force: true }));
    const { program } = dockerTier().client;
    const image = await smallImage(closed.address);
    const as = async (args: readonly string[], input = '') =>
      await tryDocker(program, ['--config', config, ...args], { input });

    expect((await as(['push', image])).exitCode).not.toBe(0);
    expect(
      (await as(['login', '--username', 'pusher', '--password-stdin', closed.address], 'wrong')).exitCode,
    ).not.toBe(0);
    expect(
      await as(['login', '--username', 'pusher', '--password-stdin', closed.address], login.password),
    ).toMatchObject({ exitCode: 0 });
    expect(await as(['push', image])).toMatchObject({ exitCode: 0 });
  });
});
