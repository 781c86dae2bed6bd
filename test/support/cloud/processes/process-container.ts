import { existsSync, mkdirSync } from 'node:fs';
import { constants } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { isAgentctlError } from '../../../../cli/errors.js';
import { passedEnvironment, runToEnd, startProcess } from '../../../../cli/tools/process/index.js';
import type { ImagePuller, UnpackedImage } from '../registry/unpack-image.js';
import type { ContainerRun, RunningContainer } from './container-run.js';

/** What is around the processes of one fake. */
export interface ProcessSurroundings {
  readonly puller: ImagePuller;
  /** Of the fake; temporary directories are made in it. */
  readonly directory: string;
  /** JSON of name → addresses, which Node programs look names up in. */
  readonly names: string;
}

/** What came of starting a process; the cloud has its own words for what went wrong. */
export type ProcessStart =
  | { readonly kind: 'started'; readonly container: RunningContainer }
  | { readonly kind: 'failed'; readonly cause: 'image' | 'command'; readonly reason: string };

const preloads = join(import.meta.dirname, 'preload');
const preload = (file: string): string => `--require=${join(preloads, file)}`;

/**
 * Runs the command of an image as a process of this machine: no root is changed, paths of the image are found below
 * where it lies unpacked, programs that it does not have are the machine's.
 */
export async function startProcessContainer(
  { puller, directory, names }: ProcessSurroundings,
  run: ContainerRun,
): Promise<ProcessStart> {
  const pulled = await puller.pull(run.image);
  if (pulled.kind === 'not-found') return { kind: 'failed', cause: 'image', reason: pulled.reason };
  const { image } = pulled;
  const workingDirectory = join(image.root, run.workingDirectory ?? image.workingDirectory);
  mkdirSync(workingDirectory, { recursive: true });
  const temporary = join(directory, 'tasks', run.taskId, run.name);
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
    FAKE_PRIVATE_NAMES: names,
    NODE_OPTIONS: [run.environment['NODE_OPTIONS'], ...['listen-on-task-address.cjs', 'private-names.cjs'].map(preload)]
      .filter(Boolean)
      .join(' '),
    PYTHONPATH: [join(preloads, 'python'), run.environment['PYTHONPATH']].filter(Boolean).join(':'),
  };
  const [command = '', ...args] = argvOf(image, run).map((word) => inImage(image, word));
  if (command === '') return { kind: 'failed', cause: 'command', reason: 'no command specified' };
  try {
    const started = await startProcess({
      command,
      args,
      workingDirectory,
      environment,
      onOutput: (stream, chunk) => run.onOutput(chunk, stream),
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
    const reason = `Error response from daemon: failed to create task for container: exec: "${command}": executable file not found in $PATH: unknown`;
    return { kind: 'failed', cause: 'command', reason };
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
