import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runStep } from '../../cli/engine/run-step.js';
import type { RunFact } from '../../cli/engine/events.js';
import { buildImage } from '../../cli/steps/images/build-image.js';
import { resolveImage } from '../../cli/steps/images/resolve-image.js';
import { contentTag } from '../../cli/tools/images/index.js';
import { eventually } from '../support/eventually.js';
import { busybox, type BuildInputs, type ImageProject, imageProject } from '../support/images/image-project.js';
import { type LocalRegistry, localRegistry } from '../support/images/local-registry.js';
import { programs, realBuilders, type RealBuilder } from '../support/images/real-builders.js';
import { type RegistryProxy, registryProxy } from '../support/images/registry-proxy.js';
import { tinyDisk } from '../support/tiny-disk.js';

const builders = await realBuilders(process.env);
/** One that has build secrets, if there is one. */
const main = builders.find(({ builder }) => builder.kind === 'buildx' || builder.kind === 'buildkit') ?? builders[0];
const missing = whatIsMissing();
if (missing !== undefined) {
  if (process.env['CI'] === 'true') throw new Error(missing);
  console.log(`EVERY TEST OF IMAGES IS SKIPPED: ${missing}`);
}

let registry: LocalRegistry;
let proxy: RegistryProxy;
beforeAll(async () => {
  if (missing !== undefined) return;
  registry = await localRegistry();
  proxy = await registryProxy(registry.port);
});
afterAll(async () => {
  if (missing !== undefined) return;
  proxy.stop();
  await registry.stop();
  for (const { builder } of builders) {
    const ids = execFileSync(builder.program, ['images', '--quiet', '--filter', 'label=dev.agentctl.test=images'], {
      encoding: 'utf8',
    });
    const unique = [...new Set(ids.split('\n').filter((id) => id !== ''))];
    if (unique.length > 0) execFileSync(builder.program, ['rmi', '--force', ...unique], { stdio: 'ignore' });
  }
});

describe.skipIf(missing !== undefined).each(builders)('$builder.kind ($builder.program)', (real) => {
  test('builds, pushes, and deploys what the registry returned; the second time it does neither', async () => {
    const repository = repositoryOf('cycle');
    const project = imageProject(real);
    const inputs = await project.inputs({ repository, tags: ['v1'] });

    const first = await buildImage.run(inputs, project.context());
    const built = commandsOf(project).length;
    const pushed = pushesTo(repository);
    const again = await buildImage.run({ ...inputs, tags: ['v2'] }, project.context());

    expect(first).toMatchObject({ platform: inputs.platform, reused: false, image: `${repository}@${first.digest}` });
    expect(await digestAt(repository, contentTag(inputs.contentHash))).toBe(first.digest);
    expect(await digestAt(repository, 'v1')).toBe(first.digest);
    expect(again).toEqual({ ...first, reused: true });
    expect(built).toBe(1);
    expect(commandsOf(project)).toHaveLength(1);
    expect(pushed).toBe(2);
    // the new tag is set without an upload
    expect(pushesTo(repository)).toBe(3);
    expect(await digestAt(repository, 'v2')).toBe(first.digest);
    expect(await buildImage.check?.(inputs, project.context())).toEqual(again);
    expect(readdirSync(project.workDirectory)).toEqual([]);
  });

  test('without a registry the image stays here, and is found by what is in it', async () => {
    const project = imageProject(real);
    const inputs = await project.inputs();

    expect(await buildImage.check?.(inputs, project.context())).toBeUndefined();
    const first = await buildImage.run(inputs, project.context());
    const again = await buildImage.run(inputs, project.context());
    const elsewhere = imageProject(real, { content: readFileSync(join(project.directory, 'content'), 'utf8') });
    const moved = await buildImage.run(await elsewhere.inputs(), elsewhere.context());

    expect(first).toMatchObject({ digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string, reused: false });
    expect(first.image).toBe(first.digest);
    expect(again).toEqual({ ...first, reused: true });
    expect(moved).toEqual(again);
    expect([commandsOf(project), commandsOf(elsewhere)].map(({ length }) => length)).toEqual([1, 0]);
  });

  test('a build sends what we think it does', async (context) => {
    if (real.builder.kind === 'buildah') context.skip('buildah runs no command in a container here');
    const dockerfile =
      'FROM scratch\nCOPY busybox /bin/\nCOPY . /sent\nRUN ["/bin/busybox", "find", "/sent", "-type", "f"]\n';
    const project = imageProject(real, { dockerfile });
    const files = ['a', 'logs/today', 'logs/keep/x', 'deep/er/b.tmp', 'deep/c', '#odd', '!not', 'a [1]/d'];
    for (const file of files) {
      mkdirSync(join(project.directory, file, '..'), { recursive: true });
      writeFileSync(join(project.directory, file), '');
    }
    const patterns = [
      '# comment',
      'logs',
      '!logs/keep',
      '**/*.tmp',
      String.raw`\#odd`,
      String.raw`\!not`,
      String.raw`a \[1\]`,
    ];
    writeFileSync(join(project.directory, '.dockerignore'), patterns.join('\n'));

    await buildImage.run(await project.inputs(), project.context());

    const sent = project.said.flatMap((line) => /\/sent\/(\S.*)$/.exec(line)?.[1] ?? []).toSorted();
    expect(sent).toEqual(['.dockerignore', 'Dockerfile', 'a', 'busybox', 'content', 'deep/c', 'logs/keep/x']);
  });
});

describe.skipIf(missing !== undefined)('what goes wrong', () => {
  test('a failing build shows its last lines, and nothing is pushed', async () => {
    const dockerfile =
      'FROM scratch\nCOPY busybox /bin/\nRUN ["/bin/busybox", "sh", "-c", "echo no such luck; exit 3"]\n';
    const repository = repositoryOf('failing');
    const project = imageProject(real(), { dockerfile });

    await expect(buildImage.run(await project.inputs({ repository }), project.context())).rejects.toMatchObject({
      code: 'BuildFailed',
      detail: expect.stringContaining('no such luck') as string,
    });
    expect(pushesTo(repository)).toBe(0);
  });

  test('an image for another platform is refused before it is pushed or deployed', async () => {
    const repository = repositoryOf('platform');
    const project = imageProject(real());
    const inputs = await project.inputs({ repository });
    const { image } = await buildImage.run(inputs, project.context());
    const other = inputs.platform === 'linux/arm64' ? 'linux/amd64' : 'linux/arm64';

    for (const inEngine of [false, true]) {
      await expect(
        resolveImage.run({ ref: image, platform: other, inEngine }, project.context()),
      ).rejects.toMatchObject({
        code: 'Refused',
        message: `the image ${image} is for ${inputs.platform}, and ${other} is needed`,
      });
      expect(
        await resolveImage.run({ ref: image, platform: inputs.platform, inEngine }, project.context()),
      ).toMatchObject({ image });
    }
  });

  test('an image that is not in its registry is told', async () => {
    const project = imageProject(real());
    const ref = `${repositoryOf('absent')}@sha256:${'a'.repeat(64)}`;

    for (const inEngine of [false, true]) {
      await expect(
        resolveImage.run({ ref, platform: 'linux/amd64', inEngine }, project.context()),
      ).rejects.toMatchObject({
        code: 'EnvironmentNotReady',
        message: `the image ${ref} is not in its registry`,
      });
    }
  });

  test('an image that is in the registry alone is pulled where it has to be here', async () => {
    const project = imageProject(real());
    const inputs = await project.inputs({ repository: repositoryOf('pulled') });
    const { image, digest } = await buildImage.run(inputs, project.context());
    execFileSync(real().builder.program, ['rmi', '--force', ...imagesOf(inputs)], { stdio: 'ignore' });

    const resolved = await resolveImage.run(
      { ref: image, platform: inputs.platform, inEngine: true },
      project.context(),
    );

    expect(resolved).toEqual({ digest, image, platform: inputs.platform, reused: true });
    expect(imagesOf(inputs)).toHaveLength(1);
  });

  test('a tag that is moved after the push moves nothing that is deployed', async () => {
    const repository = repositoryOf('moved');
    const project = imageProject(real());
    const other = await buildImage.run(await project.inputs({ repository }), project.context());
    writeFileSync(join(project.directory, 'content'), 'changed');
    const inputs = await project.inputs({ repository });
    const tag = contentTag(inputs.contentHash);
    meddling(async (line) => {
      if (line.startsWith('PUT ') && line.endsWith(`/manifests/${tag}`)) await moveTag(repository, tag, other.digest);
    });

    const built = await buildImage.run(inputs, project.context());

    expect(built.digest).not.toBe(other.digest);
    expect(await digestAt(repository, tag)).toBe(other.digest);
    expect(project.said.join('\n')).toContain(`the tag ${tag} has moved to ${other.digest}: deploying ${built.digest}`);
    meddling(() => Promise.resolve());
    const rebuilt = await buildImage.run(inputs, project.context());
    expect(rebuilt.digest).toBe(built.digest);
    expect(project.said).toContain(`${repository}:${tag} is something else: building anew`);
  });

  test.each(['interrupted', 'killed'])(
    'a push that is %s midway leaves no image, and the next one goes on',
    async (how) => {
      const repository = repositoryOf(`cut-${how}`);
      const project = imageProject(real());
      const inputs = await project.inputs({ repository });
      const abort = new AbortController();
      let held = false;
      intercepting(() => undefined);
      meddling(async (line) => {
        if (held || !line.startsWith('PATCH ')) return;
        held = true;
        if (how === 'interrupted') abort.abort();
        else for (const pid of processesWith(repository)) process.kill(pid, 'SIGKILL');
        await sleep(200);
      });

      const cut = buildImage.run(inputs, project.context(abort.signal));

      await expect(cut).rejects.toMatchObject({ code: how === 'interrupted' ? 'Interrupted' : 'BuildFailed' });
      expect(held).toBe(true);
      expect(processesWith(repository)).toEqual([]);
      expect(await digestAt(repository, contentTag(inputs.contentHash))).toBeUndefined();
      expect(readdirSync(project.workDirectory)).toEqual([]);
      meddling(() => Promise.resolve());
      const built = await buildImage.run(inputs, project.context());
      expect(await digestAt(repository, contentTag(inputs.contentHash))).toBe(built.digest);
      // what was built before is not built again
      expect(commandsOf(project)).toHaveLength(1);
    },
  );

  test('a build that is interrupted ends, with what it runs', async () => {
    const seconds = `60${Math.floor(Math.random() * 1e6)}`;
    const dockerfile = `FROM scratch\nCOPY busybox /bin/\nRUN ["/bin/busybox", "sleep", "${seconds}"]\n`;
    const project = imageProject(real(), { dockerfile });
    const abort = new AbortController();
    const inputs = await project.inputs();

    const building = buildImage.run(inputs, project.context(abort.signal));
    const ended = expect(building).rejects.toMatchObject({ code: 'Interrupted' });
    await eventually(() => processesWith(`sleep\0${seconds}`).length > 0, 60);
    abort.abort();
    await ended;

    expect(processesWith(project.directory)).toEqual([]);
    await eventually(() => processesWith(`sleep\0${seconds}`).length === 0, 30);
  });

  test('a registry without room is told as that', async (context) => {
    const disk = tinyDisk(context, join(imageProject(real()).directory, 'disk'), 1);
    const full = await localRegistry(disk);
    context.onTestFinished(full.stop);
    const project = imageProject(real());
    writeFileSync(join(project.directory, 'noise'), randomBytes(4 * 1024 * 1024));
    const dockerfile = 'FROM scratch\nCOPY noise /\n';
    writeFileSync(join(project.directory, 'Dockerfile'), dockerfile);
    const repository = `${full.host}/full`;

    const pushing = buildImage.run(await project.inputs({ repository }), project.context());

    await expect(pushing).rejects.toMatchObject({
      code: 'BuildFailed',
      message: `the registry ${full.host} has no room left`,
    });
  });

  test.each([
    [429, 'GET'],
    [500, 'PUT'],
  ])('a registry that answers %d to %s for a while is asked again, and built once', async (status, verb) => {
    const repository = repositoryOf(`busy-${status}`);
    const project = imageProject(real());
    let left = 2;
    intercepting(({ method, url = '' }) =>
      method === verb && url.includes('/manifests/') && left-- > 0 ? { status, body: '{}' } : undefined,
    );

    const facts = await runWithRetries(project, await project.inputs({ repository }));

    expect(facts.filter(({ type }) => type === 'step.retrying')).toHaveLength(2);
    expect(facts.at(-1)).toMatchObject({ type: 'step.succeeded' });
    expect(commandsOf(project)).toHaveLength(1);
  });

  test.each([429, 500])(
    'a registry that answers nothing but %d fails the build, and nothing is deployed',
    async (status) => {
      const repository = repositoryOf(`down-${status}`);
      const project = imageProject(real());
      intercepting(() => ({ status, body: '{}' }));

      const facts = await runWithRetries(project, await project.inputs({ repository }));

      expect(facts.at(-1)).toMatchObject({ type: 'step.failed', failure: { code: 'BuildFailed' } });
      expect(facts.filter(({ type }) => type === 'step.retrying')).toHaveLength(3);
      expect(commandsOf(project)).toHaveLength(0);
    },
  );

  test('a registry that nobody answers for is told after the tries', async () => {
    const project = imageProject(real());

    const facts = await runWithRetries(project, await project.inputs({ repository: '127.0.0.1:1/app' }));

    expect(facts.at(-1)).toMatchObject({ type: 'step.failed', failure: { code: 'EnvironmentNotReady' } });
    expect(commandsOf(project)).toHaveLength(1);
  });
});

describe.skipIf(missing !== undefined)('a registry that asks who comes', () => {
  const account = { username: 'ann', password: `open-sesame-${randomBytes(8).toString('hex')}` };
  const expected = `Basic ${Buffer.from(`${account.username}:${account.password}`).toString('base64')}`;
  const guarded = (): void =>
    intercepting(({ headers }) =>
      headers.authorization === expected
        ? undefined
        : { status: 401, body: '{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}' },
    );

  test('turns away who has no login, before anything is built', async () => {
    const project = imageProject(real());
    const inputs = await project.inputs({ repository: repositoryOf('guarded') });
    guarded();

    await expect(buildImage.run(inputs, project.context())).rejects.toMatchObject({
      code: 'EnvironmentNotReady',
      fix: expect.stringContaining('docker login') as string,
    });
    expect(commandsOf(project)).toEqual([]);
  });

  test.each(builders.map(({ builder }) => builder.kind))(
    'lets in who logs in, without a trace in the settings of the user (%s)',
    async (kind) => {
      const builder = builders.find((each) => each.builder.kind === kind) ?? real();
      const project = imageProject(builder, { login: { registry: proxy.host, ...account } });
      const config = join(project.home, '.docker/config.json');
      const own = '{"auths":{"ghcr.io":{"auth":"Ym9iOng="}},"currentContext":"default"}';
      mkdirSync(join(project.home, '.docker'));
      writeFileSync(config, own);
      const inputs = await project.inputs({ repository: repositoryOf(`login-${kind}`) });
      guarded();
      const watching = watchArguments();

      const built = await buildImage.run(inputs, project.context());

      expect(built.reused).toBe(false);
      expect(watching.stop()).not.toContain(account.password);
      expect(readFileSync(config, 'utf8')).toBe(own);
      expect(readdirSync(project.workDirectory)).toEqual([]);
      expect(project.masked).toContain(account.password);
    },
  );

  test('says that a password is wrong', async () => {
    const login = { registry: proxy.host, username: 'ann', password: 'not-the-password' };
    const project = imageProject(real(), { login });
    const inputs = await project.inputs({ repository: repositoryOf('wrong') });
    guarded();

    await expect(buildImage.run(inputs, project.context())).rejects.toMatchObject({ code: 'EnvironmentNotReady' });
    expect(existsSync(project.workDirectory)).toBe(false);
  });
});

describe.skipIf(missing !== undefined || !['buildx', 'buildkit'].includes(main?.builder.kind ?? ''))(
  'a build secret',
  () => {
    test('is there while the image is built, and nowhere afterwards', async () => {
      const canary = `canary-${randomBytes(12).toString('hex')}`;
      const dockerfile = [
        'FROM scratch',
        'COPY busybox content /bin/',
        'RUN --mount=type=secret,id=TOKEN ["/bin/busybox", "sh", "-c", "/bin/busybox wc -c /run/secrets/TOKEN; /bin/busybox sleep 1"]',
        '',
      ].join('\n');
      const repository = repositoryOf('secret');
      const project = imageProject(real(), { dockerfile, secret: (name) => (name === 'TOKEN' ? canary : undefined) });
      intercepting(() => undefined);
      const watching = watchArguments();
      const inputs = await project.inputs({ repository, secrets: ['TOKEN'] });

      const { image } = await buildImage.run(inputs, project.context());

      const { program } = real().builder;
      const [id = ''] = imagesOf(inputs);
      const history = execFileSync(program, ['history', '--no-trunc', id], { encoding: 'utf8' });
      const config = execFileSync(program, ['image', 'inspect', id], { encoding: 'utf8' });
      const layers = execFileSync(program, ['save', id], { maxBuffer: 64 * 1024 * 1024 }).toString('latin1');
      expect(project.said.join('\n')).toContain(`${canary.length} /run/secrets/TOKEN`);
      for (const text of [
        watching.stop(),
        project.said.join('\n'),
        JSON.stringify(inputs),
        history,
        config,
        layers,
        image,
      ]) {
        expect(text.includes(canary)).toBe(false);
      }
      expect(project.masked).toEqual([canary]);
      expect(existsSync(project.workDirectory) ? readdirSync(project.workDirectory) : []).toEqual([]);
    });

    test('that has no value is asked for before anything is built', async () => {
      const project = imageProject(real());

      await expect(
        buildImage.run(await project.inputs({ secrets: ['NO_SUCH_TOKEN'] }), project.context()),
      ).rejects.toMatchObject({ code: 'SecretMissing' });
      expect(commandsOf(project)).toEqual([]);
    });
  },
);

function whatIsMissing(): string | undefined {
  if (main === undefined) return 'no docker, podman or buildah answers (Debian: docker.io or buildah)';
  if (programs('docker-registry').length === 0) return 'there is no docker-registry (Debian: docker-registry)';
  return existsSync(busybox) ? undefined : `there is no ${busybox} (Debian: busybox-static)`;
}

function real(): RealBuilder {
  if (main === undefined) throw new Error('skipped');
  return main;
}

/** A repository behind the proxy, which is set to let everything pass. */
function repositoryOf(name: string): string {
  intercepting(() => undefined);
  meddling(() => Promise.resolve());
  return `${proxy.host}/team/${name}-${randomBytes(4).toString('hex')}`;
}

function intercepting(intercept: RegistryProxy['intercept']): void {
  proxy.intercept = intercept;
}

function meddling(afterwards: RegistryProxy['afterwards']): void {
  proxy.afterwards = afterwards;
}

/** Builds that were started. */
function commandsOf({ said }: ImageProject): readonly string[] {
  return said.filter((line) => line.startsWith('$ '));
}

function pushesTo(repository: string): number {
  const path = repository.slice(repository.indexOf('/'));
  return proxy.accepted.filter((line) => line.startsWith(`PUT /v2${path}/manifests/`)).length;
}

function pathOf(repository: string): string {
  return repository.slice(repository.indexOf('/') + 1);
}

async function digestAt(repository: string, tag: string): Promise<string | undefined> {
  const answer = await fetch(`http://${registry.host}/v2/${pathOf(repository)}/manifests/${tag}`, {
    method: 'HEAD',
    headers: {
      accept: 'application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json',
    },
  });
  return answer.ok ? (answer.headers.get('docker-content-digest') ?? undefined) : undefined;
}

async function moveTag(repository: string, tag: string, digest: string): Promise<void> {
  const type = 'application/vnd.docker.distribution.manifest.v2+json';
  const base = `http://${registry.host}/v2/${pathOf(repository)}/manifests`;
  const body = await (await fetch(`${base}/${digest}`, { headers: { accept: type } })).text();
  await fetch(`${base}/${tag}`, { method: 'PUT', headers: { 'content-type': type }, body });
}

function imagesOf({ contentHash }: BuildInputs): readonly string[] {
  const filter = `label=dev.agentctl.content-hash=${contentHash}`;
  const ids = execFileSync(real().builder.program, ['images', '--quiet', '--no-trunc', '--filter', filter], {
    encoding: 'utf8',
  });
  return [...new Set(ids.split('\n').filter((id) => id !== ''))];
}

/** Through the engine, as a plan does, but without its waits. */
async function runWithRetries(project: ImageProject, inputs: BuildInputs): Promise<readonly RunFact[]> {
  const facts: RunFact[] = [];
  const context = project.context();
  await runStep(
    { id: 'image', kind: 'build-image', title: 'build', inputs, needs: [] },
    {
      definition: buildImage,
      outputs: new Map(),
      unsettled: false,
      signal: context.signal,
      tools: context.tools,
      onFailed: () => undefined,
      emit: (fact) => {
        facts.push(fact);
        if (fact.type === 'step.log') project.said.push(fact.line);
        return Promise.resolve();
      },
      sleep: () => Promise.resolve(),
      random: () => 0,
    },
  );
  return facts.filter(({ type }) => type !== 'step.log');
}

/** Processes with a text in their arguments, other than ours. */
function processesWith(text: string): readonly number[] {
  return allArguments().flatMap(({ pid, line }) => (pid !== process.pid && line.includes(text) ? [pid] : []));
}

function allArguments(): readonly { readonly pid: number; readonly line: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [{ pid: Number(name), line: readFileSync(`/proc/${name}/cmdline`, 'utf8') }];
      } catch {
        return [];
      }
    });
}

/** Collects the arguments of every process for a while. */
function watchArguments(): { readonly stop: () => string } {
  const seen = new Set<string>();
  const timer = setInterval(() => allArguments().forEach(({ line }) => seen.add(line)), 25);
  return {
    stop: () => {
      clearInterval(timer);
      return [...seen].join('\n');
    },
  };
}
