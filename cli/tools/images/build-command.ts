import { AgentctlError } from '../../errors.js';
import type { ImageBuilder } from './image-builder.js';

/** A value that is there while the image is built and in no layer of it. */
export type BuildSecret =
  | { readonly id: string; readonly from: 'env'; readonly variable: string }
  | { readonly id: string; readonly from: 'file'; readonly file: string };

/** One image to build. Paths are absolute. */
export interface BuildOrder {
  readonly context: string;
  readonly dockerfile: string;
  /** Passed where a builder would choose another one than docker does. */
  readonly ignoreFile?: string | undefined;
  readonly target?: string | undefined;
  readonly args: Readonly<Record<string, string>>;
  readonly platform: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly secrets: readonly BuildSecret[];
  /** Whole names, `registry/app:tag`; pushed in this order. */
  readonly tags: readonly string[];
  /** Whether the builder itself pushes; else the image stays in the engine. */
  readonly push: boolean;
  /** Whether a bill of materials is attached to what is pushed, where the builder can. */
  readonly sbom: boolean;
  /** Where the image id is written when it stays in the engine. */
  readonly idFile: string;
  /** Where buildx writes what it pushed. */
  readonly metadataFile: string;
}

/** Arguments of a build, and the variables it needs besides the environment it is given. */
export interface BuildCommand {
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Pure: the command that builds an image. Secrets are in it by name only.
 *
 * @throws EnvironmentNotReady when this builder cannot do what is asked
 */
export function buildCommand(builder: ImageBuilder, order: BuildOrder): BuildCommand {
  const { program } = builder;
  switch (builder.kind) {
    case 'buildx':
      return {
        argv: [
          program,
          'buildx',
          'build',
          '--progress=plain',
          ...buildxOutput(builder, order),
          ...options(order),
          order.context,
        ],
        env: {},
      };
    case 'buildkit':
      return {
        argv: [program, 'build', '--progress=plain', '--iidfile', order.idFile, ...options(order), order.context],
        env: { DOCKER_BUILDKIT: '1' },
      };
    case 'classic':
      assertClassicCan(builder, order);
      return {
        // Without --platform: this builder knows it only as an experiment, and builds its own anyway.
        argv: [program, 'build', '--iidfile', order.idFile, ...options({ ...order, platform: '' }), order.context],
        env: { DOCKER_BUILDKIT: '0' },
      };
    case 'podman':
    case 'buildah':
      return {
        argv: [
          program,
          ...(builder.kind === 'podman' ? ['build'] : ['bud', '--layers']),
          '--iidfile',
          order.idFile,
          ...(order.ignoreFile === undefined ? [] : ['--ignorefile', order.ignoreFile]),
          ...options(order),
          order.context,
        ],
        env: {},
      };
  }
}

function buildxOutput({ attests }: ImageBuilder, { push, sbom, metadataFile, idFile }: BuildOrder): readonly string[] {
  if (!push) return ['--load', '--iidfile', idFile];
  const attestations = attests ? ['--provenance=mode=max', ...(sbom ? ['--sbom=true'] : [])] : [];
  return ['--push', '--metadata-file', metadataFile, ...attestations];
}

/** What every builder calls the same. */
function options({ dockerfile, target, args, platform, labels, secrets, tags }: BuildOrder): readonly string[] {
  return [
    '--file',
    dockerfile,
    ...(platform === '' ? [] : ['--platform', platform]),
    ...(target === undefined ? [] : ['--target', target]),
    ...pairs('--build-arg', args),
    ...pairs('--label', labels),
    ...secrets.flatMap((secret) => ['--secret', secretOption(secret)]),
    ...tags.flatMap((tag) => ['--tag', tag]),
  ];
}

function pairs(option: string, values: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(values)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([name, value]) => [option, `${name}=${value}`]);
}

function secretOption(secret: BuildSecret): string {
  return secret.from === 'env' ? `id=${secret.id},env=${secret.variable}` : `id=${secret.id},src=${secret.file}`;
}

function assertClassicCan(builder: ImageBuilder, { secrets, platform, ignoreFile, context }: BuildOrder): void {
  const install = 'install buildx (the package docker-buildx-plugin, or docker-buildx), podman or buildah';
  const refuse = (what: string): AgentctlError =>
    new AgentctlError('EnvironmentNotReady', `the builder of this docker ${what}`, { fix: install });
  if (secrets.length > 0)
    throw refuse(`has no build secrets, and ${secrets.map(({ id }) => id).join(', ')} is asked for`);
  if (platform !== builder.platform) throw refuse(`builds for ${builder.platform} only, not for ${platform}`);
  if (ignoreFile !== undefined && ignoreFile !== `${context}/.dockerignore`) {
    throw refuse(`does not read ${ignoreFile}, only the .dockerignore of the context`);
  }
}
