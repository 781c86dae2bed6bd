import { expect, test } from 'vitest';
import { buildCommand, type BuildOrder } from '../../../../cli/tools/images/build-command.js';
import type { ImageBuilder } from '../../../../cli/tools/images/image-builder.js';

const order: BuildOrder = {
  context: '/app',
  dockerfile: '/app/Dockerfile',
  target: 'prod',
  args: { VERSION: '1', BASE: 'slim' },
  platform: 'linux/amd64',
  labels: { 'dev.agentctl.content-hash': 'sha256:abc' },
  secrets: [{ id: 'NPM_TOKEN', from: 'env', variable: 'AGENTCTL_BUILD_SECRET_NPM_TOKEN' }],
  tags: ['localhost:5000/app:v1'],
  push: false,
  sbom: true,
  idFile: '/tmp/id',
  metadataFile: '/tmp/metadata',
};

const builder = (kind: ImageBuilder['kind'], attests = false): ImageBuilder => ({
  program: kind === 'podman' || kind === 'buildah' ? kind : 'docker',
  kind,
  platform: 'linux/amd64',
  attests,
});

const shared = [
  '--file /app/Dockerfile --platform linux/amd64 --target prod --build-arg BASE=slim --build-arg VERSION=1',
  '--label dev.agentctl.content-hash=sha256:abc --secret id=NPM_TOKEN,env=AGENTCTL_BUILD_SECRET_NPM_TOKEN',
  '--tag localhost:5000/app:v1 /app',
].join(' ');

test('buildx keeps the image in the engine', () => {
  const { argv } = buildCommand(builder('buildx', true), order);

  expect(argv.join(' ')).toBe(`docker buildx build --progress=plain --load --iidfile /tmp/id ${shared}`);
});

test('buildx pushes with provenance and a bill of materials, where it can', () => {
  const push = { ...order, push: true };

  expect(buildCommand(builder('buildx', true), push).argv.join(' ')).toBe(
    `docker buildx build --progress=plain --push --metadata-file /tmp/metadata --provenance=mode=max --sbom=true ${shared}`,
  );
  expect(buildCommand(builder('buildx', true), { ...push, sbom: false }).argv).not.toContain('--sbom=true');
  expect(buildCommand(builder('buildx'), push).argv.join(' ')).not.toContain('provenance');
});

test('docker before 23 has BuildKit in it', () => {
  const { argv, env } = buildCommand(builder('buildkit'), order);

  expect(argv.join(' ')).toBe(`docker build --progress=plain --iidfile /tmp/id ${shared}`);
  expect(env).toEqual({ DOCKER_BUILDKIT: '1' });
});

test('the classic builder builds for its own platform, without naming it', () => {
  const { argv, env } = buildCommand(builder('classic'), { ...order, secrets: [] });

  expect(argv.slice(0, 7)).toEqual([
    'docker',
    'build',
    '--iidfile',
    '/tmp/id',
    '--file',
    '/app/Dockerfile',
    '--target',
  ]);
  expect(argv).not.toContain('--platform');
  expect(env).toEqual({ DOCKER_BUILDKIT: '0' });
});

test.each([
  [{}, 'has no build secrets, and NPM_TOKEN is asked for'],
  [{ secrets: [], platform: 'linux/arm64' }, 'builds for linux/amd64 only, not for linux/arm64'],
  [{ secrets: [], ignoreFile: '/app/Dockerfile.dockerignore' }, 'does not read /app/Dockerfile.dockerignore'],
])('what the classic builder cannot do (%#) says what to install', (changes, message) => {
  expect(() => buildCommand(builder('classic'), { ...order, ...changes })).toThrow(
    expect.objectContaining({
      code: 'EnvironmentNotReady',
      message: expect.stringContaining(message) as string,
      fix: expect.stringContaining('install buildx') as string,
    }) as Error,
  );
});

test('podman and buildah read the ignore file and secrets they are pointed to', () => {
  const secrets = [{ id: 'NPM_TOKEN', from: 'file', file: '/tmp/secret-0' } as const];
  const changed = { ...order, secrets, ignoreFile: '/app/.dockerignore' };

  expect(buildCommand(builder('podman'), changed).argv.join(' ')).toContain(
    'podman build --iidfile /tmp/id --ignorefile /app/.dockerignore --file /app/Dockerfile --platform linux/amd64',
  );
  expect(buildCommand(builder('buildah'), changed).argv.slice(0, 3)).toEqual(['buildah', 'bud', '--layers']);
  expect(buildCommand(builder('buildah'), changed).argv).toContain('id=NPM_TOKEN,src=/tmp/secret-0');
});
