import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { type FakeGcp, startFakeGcp } from '../fake-gcp/fake-gcp.js';
import { pushApp } from '../fake-gcp/push-app.js';
import { imageRegistry } from '../fake-gcp/services/registry/image-registry.js';
import { startFakeGoogleProvider } from '../fake-google-provider/start-fake-google-provider.js';
import { type CliResult, type CliRun, plainEnvironment, startCli } from '../local-cli.js';
import { type RecordedPrograms, recordPrograms } from './recorded-programs.js';
import { startWarmGcloud } from './warm-gcloud.js';

/** A directory with an agent, a fake Google Cloud, and the real CLI, gcloud and terraform between them. */
export interface GcpProject {
  readonly fake: FakeGcp;
  readonly directory: string;
  readonly programs: RecordedPrograms;
  /** The whole environment of a command. */
  readonly environment: Readonly<Record<string, string>>;
  /** What {@link agentctl} has printed, in order. */
  readonly said: readonly CliResult[];
  write(path: string, content: string): Promise<void>;
  /** Makes an image of these files and pushes it; returns `registry/repository@sha256:…`. */
  push(files: Readonly<Record<string, string>>, command: readonly string[]): Promise<string>;
  /** `agentctl ARGS --cloud gcp -C DIRECTORY`, to its end. */
  agentctl(args: readonly string[], input?: string): Promise<CliResult>;
  start(args: readonly string[], input?: string): CliRun;
  stop(): Promise<void>;
}

/** Starts a fake with an empty project, and makes an empty directory. */
export async function openGcpProject(): Promise<GcpProject> {
  const fake = await startFakeGcp();
  const root = await realpath(await mkdtemp(join(tmpdir(), 'agentctl-gcp-')));
  const [home, directory] = [join(root, 'home'), join(root, 'agent')];
  await mkdir(home);
  await mkdir(directory);
  const gcloud = await startWarmGcloud(join(root, 'gcloud.sock'));
  const programs = recordPrograms(root, { gcloud: gcloud.command, terraform: [terraformFile()] });
  const provider = await startFakeGoogleProvider({
    url: fake.url,
    configurations: () => [join(directory, '.agentctl')],
  });
  const { url } = await fake.world.state(imageRegistry);
  const plain = plainEnvironment(home);
  const environment = {
    ...plain,
    ...fake.environment(),
    ...provider.environment,
    PATH: [programs.directory, plain['PATH'] ?? ''].join(delimiter),
    AGENTCTL_REGISTRY_ENDPOINTS: `${fake.world.region}-docker.pkg.dev=${url}`,
    AGENTCTL_GCP_POLL_SECONDS: '0.2',
    AGENTCTL_GCP_BAKE_SECONDS: '1',
  };
  const start = (args: readonly string[], input?: string): CliRun => {
    const end = args.includes('--') ? args.indexOf('--') : args.length;
    const all = [...args.slice(0, end), '--cloud', 'gcp', '-C', directory, ...args.slice(end)];
    const given = input === undefined ? {} : { input };
    return startCli(all, { workingDirectory: root, environment, limitSeconds: 1800, ...given });
  };
  const said: CliResult[] = [];
  return {
    fake,
    directory,
    programs,
    environment,
    start,
    async write(path, content) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), content);
    },
    push: async (files, command) => await pushApp(fake.world, { files, config: { command } }),
    said,
    async agentctl(args, input) {
      const result = await start(args, input).ended;
      said.push(result);
      return result;
    },
    async stop() {
      await gcloud.stop();
      await provider.stop();
      await fake.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

function terraformFile(): string {
  const places = (process.env['PATH'] ?? '').split(delimiter);
  const found = places.map((place) => join(place, 'terraform')).find(existsSync);
  if (found === undefined) throw new Error('there is no terraform on the PATH');
  return found;
}
