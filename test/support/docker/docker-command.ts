import { execa, type Result } from 'execa';

/** A `docker` that answered, or could be made to. */
export interface DockerClient {
  /** Path of the program. */
  readonly program: string;
  readonly clientVersion: string;
  readonly serverVersion: string;
}

/** What one run of the client came to; a failing exit code is a result. */
export interface DockerEnd {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the client to its end with nothing but PATH and HOME in its environment, and `environment`. */
export async function tryDocker(
  program: string,
  args: readonly string[],
  { environment = {}, input = '' }: DockerInput = {},
): Promise<DockerEnd> {
  const { exitCode, stdout, stderr, message } = (await execa(program, args, {
    reject: false,
    extendEnv: false,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/', ...environment },
    input,
  })) as Result & { message?: string };
  return { exitCode: exitCode ?? 1, stdout: String(stdout ?? ''), stderr: String(stderr ?? message ?? '') };
}

/** What a run of the client is given. */
export interface DockerInput {
  readonly environment?: Readonly<Record<string, string>>;
  /** Standard input. @default - nothing */
  readonly input?: string;
}

/** The same, and its output; throws with what it said unless it exits 0. */
export async function dockerOutput(
  program: string,
  args: readonly string[],
  options: DockerInput = {},
): Promise<string> {
  const { exitCode, stdout, stderr } = await tryDocker(program, args, options);
  if (exitCode !== 0) throw new Error(`docker ${args.join(' ')} exited with ${exitCode}:\n${stdout}\n${stderr}`);
  return stdout.trim();
}
