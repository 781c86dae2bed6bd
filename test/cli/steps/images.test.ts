import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { buildImage } from '../../../cli/steps/images/build-image.js';
import { resolveImage } from '../../../cli/steps/images/resolve-image.js';
import { contentTag } from '../../../cli/tools/images/index.js';
import type { ImageStoreOptions } from '../../../cli/tools/images/index.js';
import { type ImageProject, imageProject } from '../../support/images/image-project.js';
import { registryServer } from '../../support/registry-server.js';

const fakeDocker = resolve(import.meta.dirname, '../../support/images/fake-docker.mjs');
const engine = {
  program: fakeDocker,
  kind: 'docker',
  clientVersion: '20.10.24',
  serverVersion: '20.10.24',
  platform: 'linux/amd64',
} as const;
const builder = { program: fakeDocker, kind: 'buildkit', platform: 'linux/amd64', attests: false } as const;

/** A project that is built by a docker without a daemon. */
function projectOf(options: Partial<ImageStoreOptions> & { readonly dockerfile?: string } = {}): ImageProject {
  return imageProject({ engine, builder }, options);
}

interface Asked {
  readonly argv: readonly string[];
  readonly secrets: Readonly<Record<string, string>>;
}

/** What docker was asked, without the questions about images. */
function askedOf({ home }: ImageProject): readonly Asked[] {
  const file = join(home, 'asked.ndjson');
  if (!existsSync(file)) return [];
  const all = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Asked);
  return all.filter(({ argv }) => ['build', 'push', 'login', 'rmi'].includes(argv[0] ?? ''));
}

const verbsOf = (project: ImageProject): readonly string[] => askedOf(project).map(({ argv }) => argv[0] ?? '');

test('an image is built and pushed once; what is deployed is what the registry has', async () => {
  const registry = await registryServer();
  const repository = `${registry.host}/team/app`;
  const project = projectOf();
  const inputs = await project.inputs({ repository, tags: ['r1'] });
  const tag = contentTag(inputs.contentHash);

  const first = await buildImage.run(inputs, project.context());
  const again = await buildImage.run({ ...inputs, tags: ['r2'] }, project.context());

  expect(first).toEqual({
    digest: registry.tags.get(tag),
    image: `${repository}@${first.digest}`,
    platform: 'linux/amd64',
    reused: false,
  });
  expect(again).toEqual({ ...first, reused: true });
  expect(await buildImage.check?.(inputs, project.context())).toEqual(again);
  expect(verbsOf(project)).toEqual(['build', 'push', 'push']);
  expect([registry.tags.get('r1'), registry.tags.get('r2')]).toEqual([first.digest, first.digest]);
  // the tag by which it is found says that all others are there
  expect(askedOf(project).at(-1)?.argv.at(-1)).toBe(`${repository}:${tag}`);
});

test('buildx pushes by itself what it has attested; what it says it has pushed is deployed', async () => {
  const registry = await registryServer();
  const repository = `${registry.host}/app`;
  const project = projectOf();
  writeFileSync(join(project.home, 'buildx'), '');
  const inputs = await project.inputs({ repository, tags: ['r1'] });

  const first = await buildImage.run(inputs, project.context());
  const again = await buildImage.run(inputs, project.context());

  expect(first.digest).toBe(registry.tags.get(contentTag(inputs.contentHash)));
  expect(registry.tags.get('r1')).toBe(first.digest);
  expect(again).toEqual({ ...first, reused: true });
  expect(verbsOf(project)).toEqual([]);
  expect(project.said.filter((line) => line.startsWith('$ '))).toEqual([
    expect.stringContaining(' buildx build --progress=plain --push ') as string,
  ]);
});

test('a site without the scanner builds without a bill of materials', async () => {
  const registry = await registryServer();
  const project = projectOf({ dockerfile: 'FROM scratch\n# no scanner\n' });
  writeFileSync(join(project.home, 'buildx'), '');

  const built = await buildImage.run(await project.inputs({ repository: `${registry.host}/app` }), project.context());

  expect(built.reused).toBe(false);
  expect(project.said).toContain('building without a bill of materials: its scanner cannot be pulled');
});

test('labels say where an image comes from; when it was built is no reason to build it again', async () => {
  const times = [new Date('2026-01-01T00:00:00Z'), new Date('2027-01-01T00:00:00Z')];
  const project = projectOf({ now: () => times.shift() ?? new Date() });
  const labels = { 'org.opencontainers.image.revision': 'abc' };
  const inputs = await project.inputs({ labels });

  await buildImage.run(inputs, project.context());
  const again = await buildImage.run(inputs, project.context());

  expect(again.reused).toBe(true);
  expect(askedOf(project)[0]?.argv.join(' ')).toContain(
    `--label dev.agentctl.content-hash=${inputs.contentHash} --label org.opencontainers.image.created=2026-01-01T00:00:00.000Z --label org.opencontainers.image.revision=abc`,
  );
});

test('an image that came out for another platform is refused before it is pushed', async () => {
  const registry = await registryServer();
  const project = projectOf({ dockerfile: 'FROM other\n# platform linux/arm64\n' });

  const building = buildImage.run(await project.inputs({ repository: `${registry.host}/app` }), project.context());

  await expect(building).rejects.toMatchObject({
    code: 'Refused',
    message: 'the image agent is for linux/arm64, and linux/amd64 is needed',
  });
  expect(verbsOf(project)).toEqual(['build']);
});

test('a context that has changed since the plan is not built', async () => {
  const project = projectOf();
  const inputs = await project.inputs();
  writeFileSync(join(project.directory, 'new'), '');

  await expect(buildImage.run(inputs, project.context())).rejects.toMatchObject({ code: 'PlanStale' });
  expect(verbsOf(project)).toEqual([]);
});

test('what was built while its context changed is taken away again', async () => {
  const project = projectOf({ dockerfile: 'FROM scratch\n# touch content\n' });

  const building = buildImage.run(await project.inputs(), project.context());

  await expect(building).rejects.toMatchObject({ code: 'PlanStale' });
  expect(verbsOf(project)).toEqual(['build', 'rmi']);
  expect(readdirSync(join(project.home, 'images'))).toEqual([]);
});

test('a build that failed is told with its last lines', async () => {
  const project = projectOf({ dockerfile: 'FROM scratch\n# fail no such luck\n' });

  await expect(buildImage.run(await project.inputs(), project.context())).rejects.toMatchObject({
    code: 'BuildFailed',
    detail: '  | #1 building\n  | no such luck',
  });
});

test('after a push that failed nothing is built again', async () => {
  const registry = await registryServer();
  const project = projectOf();
  const inputs = await project.inputs({ repository: `${registry.host}/app` });
  const failing = {
    ...project.context(),
    log: (line: string) => void (line.startsWith('pushing') && registry.fail(500)),
  };

  await expect(buildImage.run(inputs, failing)).rejects.toMatchObject({ code: 'BuildFailed', retryable: true });
  await buildImage.run(inputs, project.context());

  expect(verbsOf(project)).toEqual(['build', 'push', 'push']);
});

test('a registry that is full says so only when it is asked', async () => {
  const registry = await registryServer();
  const project = projectOf();
  const inputs = await project.inputs({ repository: `${registry.host}/app` });
  const full = '{"errors":[{"code":"UNKNOWN","detail":{"Enclosed":{"Op":"write","Err":28}}}]}';
  const failing = {
    ...project.context(),
    log: (line: string) => void (line.startsWith('pushing') && registry.fail(500, full, 2)),
  };

  await expect(buildImage.run(inputs, failing)).rejects.toMatchObject({
    code: 'BuildFailed',
    message: `the registry ${registry.host} has no room left`,
    retryable: false,
  });
});

test('a registry that does not let us in ends it before anything is built', async () => {
  const registry = await registryServer({ kind: 'basic', username: 'ann', password: 'secret' });
  const project = projectOf();

  const building = buildImage.run(await project.inputs({ repository: `${registry.host}/app` }), project.context());

  await expect(building).rejects.toMatchObject({ code: 'EnvironmentNotReady', retryable: false });
  expect(verbsOf(project)).toEqual([]);
});

test('a login is private, keeps those of the user, and leaves nothing behind', async () => {
  const account = { username: 'ann', password: 'open-sesame' };
  const registry = await registryServer({ kind: 'basic', ...account });
  const project = projectOf({ login: { registry: registry.host, ...account } });
  const own = JSON.stringify({
    auths: { 'ghcr.io': { auth: 'Ym9iOng=' } },
    credsStore: 'desktop',
    currentContext: 'remote',
  });
  mkdirSync(join(project.home, '.docker/contexts'), { recursive: true });
  writeFileSync(join(project.home, '.docker/config.json'), own);

  await buildImage.run(await project.inputs({ repository: `${registry.host}/app` }), project.context());

  const login = JSON.parse(readFileSync(join(project.home, 'login.json'), 'utf8')) as unknown;
  expect(login).toEqual({
    modes: ['700', '600'],
    config: {
      auths: {
        'ghcr.io': { auth: 'Ym9iOng=' },
        [registry.host]: { auth: Buffer.from('ann:open-sesame').toString('base64') },
      },
      credHelpers: { [registry.host]: '' },
      credsStore: 'desktop',
      currentContext: 'remote',
    },
  });
  expect(readFileSync(join(project.home, '.docker/config.json'), 'utf8')).toBe(own);
  expect(readdirSync(project.workDirectory)).toEqual([]);
  expect(JSON.stringify(askedOf(project))).not.toContain(account.password);
  expect(project.masked).toContain(account.password);
});

test('what a killed agentctl has left is removed, what a living one uses is not', async () => {
  const project = projectOf();
  // no process has this number: the highest one is 4194304 (proc(5), pid_max)
  for (const name of ['images-4194399-abc', `images-${process.ppid}-abc`, 'other']) {
    mkdirSync(join(project.workDirectory, name), { recursive: true });
  }

  await buildImage.run(await project.inputs(), project.context());

  expect(readdirSync(project.workDirectory).toSorted()).toEqual([`images-${process.ppid}-abc`, 'other']);
});

test('a build secret reaches the build, and no argument', async () => {
  const canary = 'canary-4f1b';
  const project = projectOf({ secret: (name) => (name === 'TOKEN' ? canary : undefined) });

  await buildImage.run(await project.inputs({ secrets: ['TOKEN'] }), project.context());

  const [build] = askedOf(project);
  expect(build?.secrets).toEqual({ AGENTCTL_BUILD_SECRET_TOKEN: canary });
  expect(build?.argv.join(' ')).toContain('--secret id=TOKEN,env=AGENTCTL_BUILD_SECRET_TOKEN');
  expect(build?.argv.join(' ')).not.toContain(canary);
  expect(project.masked).toEqual([canary]);
});

test('a build secret may come from a variable; one without a value is asked for', async () => {
  const project = projectOf({ environment: { TOKEN: 'from-a-variable' } });

  await buildImage.run(await project.inputs({ secrets: ['TOKEN'] }), project.context());
  const missing = buildImage.run(await project.inputs({ secrets: ['TOKEN', 'NO_SUCH'] }), project.context());

  expect(askedOf(project)[0]?.secrets).toEqual({ AGENTCTL_BUILD_SECRET_TOKEN: 'from-a-variable' });
  await expect(missing).rejects.toMatchObject({
    code: 'SecretMissing',
    message: expect.stringContaining('NO_SUCH') as string,
  });
});

test('images are built side by side', async () => {
  const [one, other] = [projectOf(), projectOf()];

  const built = await Promise.all([
    buildImage.run(await one.inputs(), one.context()),
    buildImage.run(await other.inputs(), other.context()),
  ]);

  expect(new Set(built.map(({ digest }) => digest)).size).toBe(2);
});

test('the title of a look-up has as much of the digest as people read', () => {
  const ref = `ghcr.io/acme/agent@sha256:${'0123456789abcdef'.repeat(4)}`;

  expect(resolveImage.describe({ ref, platform: 'linux/arm64', inEngine: false })).toBe(
    'look up the image ghcr.io/acme/agent@sha256:0123456789ab…',
  );
});

test('an image of somebody else is looked up where it will run', async () => {
  const registry = await registryServer();
  const digest = registry.addImage('v1', { platform: 'linux/arm64' });
  const ref = `${registry.host}/app@${digest}`;
  const project = projectOf();
  const look = async (platform: string, inEngine: boolean) =>
    await resolveImage.run({ ref, platform, inEngine }, project.context());

  expect(await look('linux/arm64', false)).toEqual({ digest, image: ref, platform: 'linux/arm64', reused: true });
  await expect(look('linux/amd64', false)).rejects.toMatchObject({ code: 'Refused' });
  // not pulled for nothing
  await expect(look('linux/amd64', true)).rejects.toMatchObject({ code: 'Refused' });
});

test('an image that the engine has needs no registry', async () => {
  const project = projectOf();
  const { digest } = await buildImage.run(await project.inputs(), project.context());
  const [name = ''] = readdirSync(join(project.home, 'images'));
  const file = join(project.home, 'images', name);
  const ref = `127.0.0.1:1/app@sha256:${'a'.repeat(64)}`;
  writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), names: [ref] }));

  const found = await resolveImage.run({ ref, platform: 'linux/amd64', inEngine: true }, project.context());

  expect(digest).toBe(`sha256:${name}`);
  expect(found).toEqual({ digest: `sha256:${'a'.repeat(64)}`, image: ref, platform: 'linux/amd64', reused: true });
});

test('what the files of docker’s settings name is still there for a login', async () => {
  const account = { username: 'ann', password: 'open-sesame' };
  const registry = await registryServer({ kind: 'basic', ...account });
  const project = projectOf({ login: { registry: registry.host, ...account } });
  mkdirSync(join(project.home, '.docker'));
  symlinkSync(project.directory, join(project.home, '.docker/cli-plugins'));

  const built = await buildImage.run(await project.inputs({ repository: `${registry.host}/app` }), project.context());

  expect(built.reused).toBe(false);
  expect(existsSync(join(project.directory, 'Dockerfile'))).toBe(true);
});
