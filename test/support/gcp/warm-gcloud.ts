import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** The real gcloud, started once; see warm-gcloud.py. */
export interface WarmGcloud {
  /** Of gcloud, for the words to come behind. */
  readonly command: readonly [string, ...string[]];
  stop(): Promise<void>;
}

const program = join(import.meta.dirname, 'warm-gcloud.py');

/** Starts it. `socket`: where it is reached, a short path. */
export async function startWarmGcloud(socket: string): Promise<WarmGcloud> {
  const sdk = dirname(dirname(gcloudFile()));
  const bundled = join(sdk, 'platform/bundledpythonunix/bin/python3');
  const python = existsSync(bundled) ? bundled : 'python3';
  const { PATH = '', HOME = '/' } = process.env;
  const server = spawn(python, [program, 'serve', sdk, socket], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH, HOME, PYTHONIOENCODING: 'UTF-8', CLOUDSDK_ROOT_DIR: sdk },
  });
  const ended = once(server, 'exit');
  await Promise.race([
    once(server.stdout, 'data'),
    ended.then(([code]) => {
      throw new Error(`gcloud could not be kept warm: exit ${String(code)}`);
    }),
  ]);
  return {
    command: [python, '-IS', program, 'run', socket],
    async stop() {
      server.stdin.end();
      await ended;
    },
  };
}

function gcloudFile(): string {
  const directory = (process.env['PATH'] ?? '').split(delimiter).find((place) => existsSync(join(place, 'gcloud')));
  if (directory === undefined) throw new Error('there is no gcloud on the PATH');
  return realpathSync(join(directory, 'gcloud'));
}
