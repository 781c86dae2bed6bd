import { mkdtemp, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess } from '../../../cli/tools/process/index.js';
import { imageRegistry } from '../fake-aws/services/ecr/image-registry.js';
import type { FakeAws } from '../fake-aws/fake-aws.js';
import type { ContainerRun, StartResult } from '../cloud/processes/container-run.js';
import { containerRuntime } from '../fake-aws/services/ecs/container-runtime.js';
import { dockerOutput, tryDocker } from './docker-command.js';

const preloads = join(import.meta.dirname, '../cloud/processes/preload');

/** Containers that tasks of a fake AWS run in. */
export interface TaskContainers {
  /** The label of all of them, `name=value`. */
  readonly label: string;
  /** Also removes the images that were pulled. */
  readonly remove: () => Promise<void>;
}

/**
 * Lets tasks of a fake AWS run as containers of an engine, from images that it pulls with the login of ECR. They share the
 * network of the machine, where the fake and its databases are; a program in one listens on the address of its task, as
 * the fake's processes do.
 */
export async function runTasksInContainers(fake: FakeAws, program: string): Promise<TaskContainers> {
  const config = await mkdtemp(join(tmpdir(), 'agentctl-docker-config-'));
  const { host, password } = await fake.world.state(imageRegistry);
  const label = `agentctl-test.fake=${new URL(fake.url).port}`;
  const login = ['--config', config, 'login', '--username', 'AWS', '--password-stdin', host];
  await dockerOutput(program, login, { input: password });
  const pulled = new Set<string>();

  fake.world.state(containerRuntime).start = async (run) => {
    const pull = await tryDocker(program, ['--config', config, 'pull', '--quiet', run.image]);
    if (pull.exitCode !== 0) return { kind: 'failed', reason: `CannotPullContainerError: ${pull.stderr.trim()}` };
    pulled.add(run.image);
    return await startTaskContainer(program, label, run);
  };
  return {
    label,
    async remove() {
      if (pulled.size > 0) await tryDocker(program, ['image', 'rm', '--force', ...pulled]);
      await rm(config, { recursive: true, force: true });
    },
  };
}

async function startTaskContainer(program: string, label: string, run: ContainerRun): Promise<StartResult> {
  const name = `${run.taskId}-${run.name}`;
  const environment: Record<string, string> = {
    ...run.environment,
    FAKE_TASK_ADDRESS: run.address,
    NODE_OPTIONS: `--require=/fake-preload/listen-on-task-address.cjs`,
    PYTHONPATH: '/fake-preload/python',
  };
  const [entrypoint, ...entrypointArguments] = run.entrypoint ?? [];
  const create = [
    'create',
    '--rm',
    '--network=host',
    `--name=${name}`,
    `--label=${label}`,
    `--volume=${preloads}:/fake-preload:ro`,
    // By name: values are not for everybody who lists processes.
    ...Object.keys(environment).flatMap((variable) => ['--env', variable]),
    ...(run.user === undefined ? [] : ['--user', run.user]),
    ...(run.workingDirectory === undefined ? [] : ['--workdir', run.workingDirectory]),
    ...(run.readonlyRootFilesystem ? ['--read-only'] : []),
    ...(run.hasInit ? ['--init'] : []),
    ...run.writable.flatMap((path) => ['--tmpfs', `${path}:mode=1777`]),
    ...(entrypoint === undefined ? [] : ['--entrypoint', entrypoint]),
    run.image,
    ...entrypointArguments,
    ...(run.command ?? []),
  ];
  const created = await tryDocker(program, create, { environment });
  if (created.exitCode !== 0) {
    return { kind: 'failed', reason: `CannotStartContainerError: ${created.stderr.trim()}` };
  }
  const started = await startProcess({
    command: program,
    args: ['start', '--attach', name],
    workingDirectory: '/',
    environment: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/' },
    onOutput: (stream, chunk) => run.onOutput(chunk, stream),
  });
  const ended = started.ended.then(({ exitCode, signal }) =>
    signal === null ? (exitCode ?? 1) : 128 + constants.signals[signal],
  );
  return {
    kind: 'started',
    container: {
      imageDigest: run.image.split('@')[1] ?? '',
      ended,
      async stop(graceSeconds) {
        // What has ended by itself is not there any more.
        await tryDocker(program, ['stop', '--time', String(Math.ceil(graceSeconds)), name]);
        await ended;
      },
      async execute(argv, timeoutSeconds) {
        const words = argv.map((word) => word.replace(/\blocalhost\b|127\.0\.0\.1/g, run.address));
        const inside = ['exec', name, 'timeout', String(timeoutSeconds), ...words];
        return (await tryDocker(program, inside)).exitCode;
      },
    },
  };
}
