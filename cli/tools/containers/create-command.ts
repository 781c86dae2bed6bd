import type { ContainerHardening, ContainerSpec } from './container-spec.js';

/** What creates a container: its arguments, and where its environment comes from. */
export interface CreateCommand {
  readonly args: readonly string[];
  /** Read as an env file from standard input: `NAME=value` a line. */
  readonly input: string;
  /** Values of several lines, which no env file can hold: handed on from the environment of the command. */
  readonly extra: Readonly<Record<string, string>>;
}

/** A `/tmp` that everybody may write to, as in an image. */
const writableTmp = '/tmp:rw,nosuid,nodev,mode=1777';

/** Pure: the command that creates a container without starting it. No value of its environment is among the arguments. */
export function createCommand(spec: ContainerSpec): CreateCommand {
  const {
    name,
    image,
    command,
    env,
    labels,
    network,
    aliases,
    publish,
    volumes,
    hostname,
    sharedMemoryMiB,
    limits,
    hardening,
  } = spec;
  const entries = Object.entries(env);
  const lines = entries.filter(([, value]) => !value.includes('\n'));
  const blocks = entries.filter(([, value]) => value.includes('\n'));
  return {
    args: [
      ...['create', '--name', name, '--init', '--network', network],
      ...aliases.flatMap((alias) => ['--network-alias', alias]),
      ...Object.entries(labels).flatMap(([label, value]) => ['--label', `${label}=${value}`]),
      ...(hostname === undefined ? [] : ['--hostname', hostname]),
      ...publish.flatMap(({ hostPort, containerPort }) => ['--publish', `127.0.0.1:${hostPort}:${containerPort}`]),
      ...Object.entries(volumes).flatMap(([path, volume]) => ['--volume', `${volume}:${path}`]),
      ...(sharedMemoryMiB === undefined ? [] : ['--shm-size', `${sharedMemoryMiB}m`]),
      ...(limits === undefined ? [] : ['--cpus', String(limits.cpus), '--memory', `${limits.memoryMiB}m`]),
      ...(hardening === undefined ? [] : hardeningOptions(hardening)),
      ...(spec.stdin ? ['--interactive'] : []),
      ...['--env-file', '/dev/stdin'],
      ...blocks.flatMap(([variable]) => ['--env', variable]),
      image,
      ...command,
    ],
    input: lines.map(([variable, value]) => `${variable}=${value}\n`).join(''),
    extra: Object.fromEntries(blocks),
  };
}

function hardeningOptions({ readOnly, user }: ContainerHardening): readonly string[] {
  return [
    ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
    ...(readOnly ? ['--read-only', '--tmpfs', writableTmp] : []),
    ...(user === undefined ? [] : ['--user', user]),
  ];
}
