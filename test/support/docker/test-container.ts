import { randomBytes } from 'node:crypto';
import { dockerOutput, type DockerEnd, tryDocker } from './docker-command.js';
import { dockerTier } from './docker-tier.js';

/** A container of a test. */
export interface TestContainer {
  readonly name: string;
  /** Runs a command in it. A failing exit code is a result. */
  exec(argv: readonly string[], environment?: Readonly<Record<string, string>>): Promise<DockerEnd>;
  /** Both streams of its log. */
  logs(): Promise<string>;
  /** The port on 127.0.0.1 that leads to one of its own. */
  port(inner: number): Promise<number>;
  /** As `docker stop` does. Answers with its exit code. */
  stop(): Promise<number>;
  start(): Promise<void>;
  /** With its anonymous volumes. */
  remove(): Promise<void>;
}

/** What a container is given. */
export interface TestContainerOptions {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Published on a free port of 127.0.0.1 each. */
  readonly ports?: readonly number[];
  readonly network?: string;
  readonly networkAlias?: string;
}

/** Starts a container with a name of the tier's own. Values of variables are never in argv. */
export async function startContainer(options: TestContainerOptions): Promise<TestContainer> {
  const { program } = dockerTier().client;
  const { image, command = [], environment = {}, ports = [], network, networkAlias } = options;
  const name = testName();
  const given = [
    ...Object.keys(environment).flatMap((key) => ['--env', key]),
    ...ports.flatMap((port) => ['--publish', `127.0.0.1::${port}`]),
    ...(network === undefined ? [] : ['--network', network]),
    ...(networkAlias === undefined ? [] : ['--network-alias', networkAlias]),
  ];
  await dockerOutput(program, ['run', '--detach', '--name', name, ...given, image, ...command], { environment });
  return {
    name,
    exec: (argv, given = {}) =>
      tryDocker(program, ['exec', ...Object.keys(given).flatMap((key) => ['--env', key]), name, ...argv], {
        environment: given,
      }),
    async logs() {
      const { stdout, stderr } = await tryDocker(program, ['logs', name]);
      return `${stdout}\n${stderr}`;
    },
    async port(inner) {
      const address = await dockerOutput(program, ['port', name, `${inner}/tcp`]);
      return Number(/127\.0\.0\.1:(\d+)/.exec(address)?.[1]);
    },
    async stop() {
      await dockerOutput(program, ['stop', '--time', '20', name]);
      return Number(await dockerOutput(program, ['inspect', '--format', '{{.State.ExitCode}}', name]));
    },
    async start() {
      await dockerOutput(program, ['start', name]);
    },
    async remove() {
      await tryDocker(program, ['rm', '--force', '--volumes', name]);
    },
  };
}

/** A name that no other run has, so that what is left over can be told from everybody else's. */
export function testName(): string {
  return `agentctl-test-${randomBytes(5).toString('hex')}`;
}
