/** Pure: the short commands of an engine that look at containers, networks and volumes, and take them away. */
export const containerCommands = {
  /** Starts it with its output, and its input if it has one, connected to ours; signals reach the container. */
  start: (name: string, stdin: boolean) => ['start', '--attach', ...(stdin ? ['--interactive'] : []), name],
  inspect: (name: string) => ['inspect', '--type', 'container', '--format', '{{json .State}}', name],
  /** SIGTERM or the signal that the image names, then SIGKILL. */
  stop: (name: string, graceSeconds: number) => ['stop', '--time', String(graceSeconds), name],
  /** Also when it runs; with the volumes that have no name. */
  remove: (...names: readonly string[]) => ['rm', '--force', '--volumes', ...names],
  list: (label: string) => ['ps', '--all', '--no-trunc', '--filter', `label=${label}`, '--format', '{{.Names}}'],
  /** Runs a program inside; `stdin`: it reads ours. */
  exec: (name: string, command: readonly string[], { stdin = false, user }: ExecOptions = {}) => [
    'exec',
    ...(stdin ? ['--interactive'] : []),
    ...(user === undefined ? [] : ['--user', user]),
    name,
    ...command,
  ],
  createNetwork: (name: string, label: string) => ['network', 'create', '--label', label, name],
  inspectNetwork: (name: string) => ['network', 'inspect', name],
  listNetworks: (label: string) => ['network', 'ls', '--filter', `label=${label}`, '--format', '{{.Name}}'],
  removeNetwork: (name: string) => ['network', 'rm', name],
  createVolume: (name: string, label: string) => ['volume', 'create', '--label', label, name],
  listVolumes: (label: string) => ['volume', 'ls', '--filter', `label=${label}`, '--format', '{{.Name}}'],
  removeVolumes: (...names: readonly string[]) => ['volume', 'rm', '--force', ...names],
  /** A line of JSON for each: its id and its labels. */
  inspectImages: (...images: readonly string[]) => [
    'image',
    'inspect',
    '--format',
    '{"id":{{json .Id}},"labels":{{json .Config.Labels}}}',
    ...images,
  ],
  listImages: (label: string) => ['images', '--filter', `label=${label}`, '--no-trunc', '--format', '{{.ID}}'],
  pull: (image: string) => ['pull', image],
  /** With all of its names; not while a container uses it. */
  removeImage: (image: string) => ['image', 'rm', '--force', image],
} as const;

interface ExecOptions {
  readonly stdin?: boolean;
  readonly user?: string;
}
