import { existsSync, mkdirSync } from 'node:fs';
import { constants } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { isAgentctlError } from '../../../../../cli/errors.js';
import { passedEnvironment, runToEnd, startProcess } from '../../../../../cli/tools/process/index.js';
import type { FakeWorld } from '../../fake-world.js';
import { imageRegistry } from '../ecr/image-registry.js';
import type { UnpackedImage } from '../ecr/unpack-image.js';
import { privateNames } from './private-names.js';
import type { ContainerRun, StartResult } from './container-runtime.js';

const preloads = join(import.meta.dirname, 'preload');
const preload = (file: string): string => `--require=${join(preloads, file)}`;

/**
 * Runs the command of an image as a process of this machine: no root is changed, paths of the image are found below
 * where it lies unpacked, programs that it does not have are the machine's.
 */
export async function startProcessContainer(world: FakeWorld, run: ContainerRun): Promise<StartResult> {
  const registry = await world.state(imageRegistry);
  const pulled = await registry.puller.pull(run.image);
  if (pulled.kind === 'not-found') return { kind: 'failed', reason: pulled.reason };
  const { image } = pulled;
  const workingDirectory = join(image.root, run.workingDirectory ?? image.workingDirectory);
  mkdirSync(workingDirectory, { recursive: true });
  const temporary = join(world.directory, 'tasks', run.taskId, run.name);
  mkdirSync(temporary, { recursive: true });
  const environment = {
    ...passedEnvironment({ PATH: process.env['PATH'], LANG: process.env['LANG'] }),
    HOME: temporary,
    TMPDIR: temporary,
    ...image.environment,
    ...run.environment,
    // The image's own PATH names places of the image.
    PATH: `${join(image.root, 'usr/local/bin')}:${process.env['PATH'] ?? ''}`,
    FAKE_TASK_ADDRESS: run.address,
    FAKE_PRIVATE_NAMES: world.state(privateNames).file,
    NODE_OPTIONS: [run.environment['NODE_OPTIONS'], ...['listen-on-task-address.cjs', 'private-names.cjs'].map(preload)]
      .filter(Boolean)
      .join(' '),
    PYTHONPATH: [join(preloads, 'python'), run.environment['PYTHONPATH']].filter(Boolean).join(':'),
  };
  const [command = '', ...args] = argvOf(image, run).map((word) => inImage(image, word));
  if (command === '') return { kind: 'failed', reason: 'CannotStartContainerError: no command specified' };
  try {
    const started = await startProcess({
      command,
      args,
      workingDirectory,
      environment,
      onOutput: (_stream, chunk) => run.onOutput(chunk),
    });
    return {
      kind: 'started',
      container: {
        imageDigest: image.digest,
        ended: started.ended.then(({ exitCode, signal }) =>
          signal === null ? (exitCode ?? 1) : 128 + constants.signals[signal],
        ),
        stop: async (graceSeconds) => await started.stop({ graceSeconds }),
        async execute(words, timeoutSeconds) {
          const [program = '', ...rest] = words.map((word) =>
            inImage(image, word.replace(/\blocalhost\b|127\.0\.0\.1/g, run.address)),
          );
          const end = await runToEnd({
            command: program,
            args: rest,
            workingDirectory,
            environment,
            timeoutSeconds,
          }).catch(() => ({ exitCode: 127 }));
          return end.exitCode ?? 137;
        },
      },
    };
  } catch (error) {
    if (!isAgentctlError(error)) throw error;
    const reason = `CannotStartContainerError: Error response from daemon: failed to create task for container: exec: "${command}": executable file not found in $PATH: unknown`;
    return { kind: 'failed', reason };
  }
}

/** Docker's rule: another entrypoint also drops the image's command. */
function argvOf(image: UnpackedImage, run: ContainerRun): readonly string[] {
  const command = run.command ?? (run.entrypoint === undefined ? image.command : []);
  return [...(run.entrypoint ?? image.entrypoint), ...command];
}

/** A path of the image, where it lies; any other word as it is. */
function inImage(image: UnpackedImage, word: string): string {
  if (!isAbsolute(word)) return word;
  const path = resolve(image.root, `.${word}`);
  return existsSync(path) ? path : word;
}
