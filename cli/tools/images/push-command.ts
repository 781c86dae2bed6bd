import type { ImageBuilder } from './image-builder.js';
import { isLoopback, parseImageReference } from './image-reference.js';

/** What the commands below have in common. */
export interface PushOptions {
  /** File with the logins, for podman and buildah; docker has a directory, which is in its environment. */
  readonly authFile?: string | undefined;
}

type Argv = readonly [string, ...string[]];

/** Pure: logs in to a registry; the password comes by standard input. */
export function loginCommand(builder: ImageBuilder, registry: string, username: string, options: PushOptions): Argv {
  const server = registry === 'docker.io' ? [] : [registry];
  return [
    builder.program,
    'login',
    '--username',
    username,
    '--password-stdin',
    ...remote(builder, registry, options),
    ...server,
  ];
}

/** Pure: gives an image another name. */
export function tagCommand({ program }: ImageBuilder, image: string, name: string): Argv {
  return [program, 'tag', image, name];
}

/** Pure: pushes a tag. `digestFile`: where podman and buildah write what the registry has made of it. */
export function pushCommand(builder: ImageBuilder, name: string, digestFile: string, options: PushOptions): Argv {
  const { program, kind } = builder;
  if (!isDaemonless(builder)) return [program, 'push', name];
  const { registry } = parseImageReference(name);
  const common = ['--digestfile', digestFile, ...remote(builder, registry, options)];
  return kind === 'podman'
    ? [program, 'push', ...common, name]
    : [program, 'push', ...common, name, `docker://${name}`];
}

/** Pure: brings an image to the engine. */
export function pullCommand(builder: ImageBuilder, ref: string, platform: string, options: PushOptions): Argv {
  const { registry } = parseImageReference(ref);
  return [builder.program, 'pull', '--platform', platform, ...remote(builder, registry, options), ref];
}

/** Pure: the digest in what `docker push` prints, `latest: digest: sha256:… size: 528`. */
export function pushedDigest(lines: readonly string[]): string | undefined {
  const line = lines.findLast((each) => /\bdigest: sha256:/.test(each));
  return line === undefined ? undefined : /sha256:[0-9a-f]{64}/.exec(line)?.[0];
}

/** Whether a program talks to registries itself; docker's daemon does that for it. */
export function isDaemonless({ kind }: ImageBuilder): boolean {
  return kind === 'podman' || kind === 'buildah';
}

function remote(builder: ImageBuilder, registry: string, { authFile }: PushOptions): readonly string[] {
  if (!isDaemonless(builder)) return [];
  return [
    ...(authFile === undefined ? [] : ['--authfile', authFile]),
    // docker's daemon does the same for registries of this machine
    ...(isLoopback(registry) ? ['--tls-verify=false'] : []),
  ];
}
