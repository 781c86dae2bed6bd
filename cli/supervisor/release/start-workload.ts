import type { ContainerConfinement } from '../../tools/containers/index.js';
import { type OutputSinks, type RunningProcess, startProcess } from '../../tools/process/index.js';
import type { ArtifactRef, ContainerSettings } from '../protocol.js';
import type { SupervisorContext } from '../supervisor-context.js';
import type { ResolvedLaunch } from './resolve-launch.js';

/** A process or container of the user's, with everything filled in. */
export interface ResolvedWorkload extends Pick<ResolvedLaunch, 'command' | 'env'> {
  /** `r7/api.1`, `task:migrate-7`. */
  readonly label: string;
  readonly artifact: ArtifactRef;
  readonly container?: ContainerSettings | undefined;
  /** Ports that lead into a container; a process takes the one it was given by itself. */
  readonly publish?: { readonly hostPort: number; readonly containerPort: number };
  /** Whether something is written to its standard input. */
  readonly stdin: boolean;
}

/** Starts it as its artifact asks for. Throws as `startProcess` and `startContainer` do. */
export async function startWorkload(
  { containers }: SupervisorContext,
  { label, artifact, container, publish, command: argv, env, stdin }: ResolvedWorkload,
  sinks: OutputSinks,
): Promise<RunningProcess> {
  if ('image' in artifact) {
    return await containers.start(
      {
        label,
        image: artifact.image,
        command: argv,
        env,
        aliases: [],
        publish: publish === undefined ? [] : [publish],
        volumes: {},
        ...(container === undefined ? {} : { limits: container, confinement: confinementOf(container) }),
        stdin,
      },
      sinks,
    );
  }
  const [command = '', ...args] = argv;
  return await startProcess({
    command,
    args,
    workingDirectory: artifact.directory,
    environment: env,
    ...(stdin ? { inputDescriptor: 'pipe' as const } : {}),
    ...sinks,
  });
}

/** What the schema lets be undefined is left out. */
export function confinementOf({
  readOnly,
  tmpfs,
  capAdd,
  user,
}: Omit<ContainerSettings, 'cpus' | 'memoryMiB'>): ContainerConfinement {
  return { readOnly, tmpfs, capAdd, ...(user === undefined ? {} : { user }) };
}
