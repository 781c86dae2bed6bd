import type { ContainerConfinement, ContainerSpec } from './container-spec.js';

/** What creates a container: its arguments, and where its environment comes from. */
export interface CreateCommand {
  readonly args: readonly string[];
  /** Read as an env file from standard input: `NAME=value` a line. */
  readonly input: string;
  /** Values of several lines, which no env file can hold: handed on from the environment of the command. */
  readonly extra: Readonly<Record<string, string>>;
}

/** As `/tmp` is in an image. */
const tmpfsOptions = 'rw,nosuid,nodev,mode=1777';

/** Pure: the command that creates a container without starting it. No value of its environment is among the arguments. */
export function createCommand(spec: ContainerSpec): CreateCommand {
  const { name, image, command, env, labels, network, aliases, publish, volumes, hostname } = spec;
  const { sharedMemoryMiB, limits, confinement } = spec;
  // The flag takes one program; its arguments come before those of the command.
  const [entrypoint, ...entrypointArguments] = spec.entrypoint ?? [];
  const entries = Object.entries(env);
  const lines = entries.filter(([, value]) => !value.includes('\n'));
  const blocks = entries.filter(([, value]) => value.includes('\n'));
  return {
    args: [
      // Whether it is well is asked by whoever started it.
      'create',
      '--name',
      name,
      '--init',
      '--no-healthcheck',
      '--network',
      network,
      ...aliases.flatMap((alias) => ['--network-alias', alias]),
      ...Object.entries(labels).flatMap(([label, value]) => ['--label', `${label}=${value}`]),
      ...(hostname === undefined ? [] : ['--hostname', hostname]),
      ...publish.flatMap(({ hostPort, containerPort }) => ['--publish', `127.0.0.1:${hostPort}:${containerPort}`]),
      ...Object.entries(volumes).flatMap(([path, volume]) => ['--volume', `${volume}:${path}`]),
      ...(sharedMemoryMiB === undefined ? [] : ['--shm-size', `${sharedMemoryMiB}m`]),
      ...(limits === undefined ? [] : ['--cpus', String(limits.cpus), '--memory', `${limits.memoryMiB}m`]),
      ...(confinement === undefined ? [] : confinementOptions(confinement)),
      ...(entrypoint === undefined ? [] : ['--entrypoint', entrypoint]),
      ...(spec.stdin ? ['--interactive'] : []),
      '--env-file',
      '/dev/stdin',
      ...blocks.flatMap(([variable]) => ['--env', variable]),
      image,
      ...entrypointArguments,
      ...command,
    ],
    input: lines.map(([variable, value]) => `${variable}=${value}\n`).join(''),
    extra: Object.fromEntries(blocks),
  };
}

function confinementOptions({ readOnly, tmpfs, capAdd, user }: ContainerConfinement): readonly string[] {
  return [
    '--cap-drop',
    'ALL',
    '--security-opt',
    'no-new-privileges',
    ...capAdd.flatMap((capability) => ['--cap-add', capability]),
    ...(readOnly ? ['--read-only'] : []),
    ...tmpfs.flatMap((path) => ['--tmpfs', `${path}:${tmpfsOptions}`]),
    ...(user === undefined ? [] : ['--user', user]),
  ];
}
