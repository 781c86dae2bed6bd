import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { ReleaseRecord } from '../../cli/ledger/release-record.js';
import { guardOf } from '../../cli/supervisor/guard-keeper.js';
import { stateLayout } from '../../cli/supervisor/state-layout.js';
import { readSupervisorFile } from '../../cli/supervisor/supervisor-file.js';
import { externalPostgresDirectory } from '../../cli/tools/postgres/index.js';
import { isSameProcess } from '../../cli/tools/process/index.js';
import { appFiles, type Hold, type Variant } from './local-apps.js';
import { type CliResult, type CliRun, lastLine, plainEnvironment, startCli } from './local-cli.js';
import { type ConfigOptions, configText } from './local-config.js';
import { type FoundProcess, processesIn } from './local-processes.js';

/** What a project begins with. */
export interface ProjectOptions {
  readonly config?: ConfigOptions;
  readonly variant?: Variant;
  /** Commands put in front of every run of the CLI, such as setpriv. */
  readonly through?: readonly string[];
  /** Owner of all its files. @default - ourselves */
  readonly owner?: { readonly uid: number; readonly gid: number };
}

/** How one run of the CLI differs from the usual. */
export interface RunOptions {
  readonly input?: string;
  /** Standard input does not end after `input`. @default false */
  readonly keepsInput?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A directory with a small agent, deployed by the real CLI with a real supervisor. */
export interface LocalProject {
  /** Holds the project and a home directory. */
  readonly root: string;
  readonly directory: string;
  readonly stateDirectory: string;
  /** Home directory of every run. */
  readonly home: string;
  /** Writes one file of the project. */
  write(path: string, content: string): Promise<void>;
  /** Changes how the agent behaves: the next deploy has something to do. */
  become(variant: Variant): Promise<void>;
  configure(config: ConfigOptions): Promise<void>;
  /** Makes the agent's programs wait at a place until {@link LocalProject.letGo}. */
  hold(place: Hold): Promise<void>;
  letGo(place: Hold): Promise<void>;
  /** `agentctl ARGS --cloud local -C DIRECTORY`, to its end. */
  agentctl(args: readonly string[], options?: RunOptions): Promise<CliResult>;
  /** The same, while it runs. */
  start(args: readonly string[], options?: RunOptions): CliRun;
  /** `deploy --yes`; throws unless it exits 0. Answers with the URL. */
  deployed(): Promise<string>;
  /** The release ledger, oldest first. */
  ledger(): readonly ReleaseRecord[];
  /** Every process that belongs to it. */
  processes(): readonly FoundProcess[];
  /** Those that run from an artifact: replicas, workers, migrations. */
  agentProcesses(): readonly FoundProcess[];
  supervisorPid(): number | undefined;
  /** Of the process that starts a killed supervisor again. */
  guardPid(): number | undefined;
  /** Destroys it with its data and throws when anything is left. */
  remove(): Promise<void>;
}

/** Makes a project under the temporary directory, where the user PostgreSQL runs as can get to. */
export async function openLocalProject(options: ProjectOptions = {}): Promise<LocalProject> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'agentctl-e2e-')));
  await chmod(root, 0o755);
  const home = join(root, 'home');
  const directory = join(root, 'agent');
  const stateDirectory = join(directory, '.agentctl', 'local', 'local');
  const layout = stateLayout(stateDirectory);
  const external = externalPostgresDirectory(layout.key);
  const { owner } = options;

  const own = async (path: string): Promise<void> => {
    const { chown } = await import('node:fs/promises');
    if (owner !== undefined) await chown(path, owner.uid, owner.gid);
  };
  const write = async (path: string, content: string): Promise<void> => {
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    await own(dirname(file));
    await writeFile(file, content);
    await own(file);
  };
  // What follows `--` belongs to the command that `run` starts.
  const forProject = (args: readonly string[]): readonly string[] => {
    const end = args.includes('--') ? args.indexOf('--') : args.length;
    return [...args.slice(0, end), '--cloud', 'local', '-C', directory, ...args.slice(end)];
  };
  const start = (args: readonly string[], { environment, ...run }: RunOptions = {}): CliRun =>
    startCli(forProject(args), {
      workingDirectory: root,
      environment: { ...plainEnvironment(home), ...environment },
      ...run,
      ...(options.through === undefined ? {} : { through: options.through }),
    });
  const agentctl = (args: readonly string[], run?: RunOptions): Promise<CliResult> => start(args, run).ended;
  const processes = (): readonly FoundProcess[] => processesIn([directory, external]);
  const supervisorPid = (): number | undefined => {
    const running = readSupervisorFile(layout);
    return running !== undefined && isSameProcess(running) ? running.pid : undefined;
  };
  const configure = (config: ConfigOptions): Promise<void> => write('agentctl.yaml', configText(config));

  await mkdir(home);
  await own(home);
  await configure(options.config ?? {});
  for (const [path, content] of Object.entries(appFiles(options.variant ?? {}))) await write(path, content);

  return {
    root,
    home,
    directory,
    stateDirectory,
    write,
    configure,
    become: (variant) => write('variant.json', JSON.stringify(variant)),
    hold: (place) => writeFile(join(home, `hold-${place}`), ''),
    letGo: (place) => rm(join(home, `hold-${place}`), { force: true }),
    start,
    agentctl,
    async deployed() {
      const result = await agentctl(['deploy', '--yes']);
      if (result.exitCode !== 0) throw new Error(`the deploy exited ${result.exitCode}:\n${result.stderr}`);
      return lastLine(result.stdout);
    },
    ledger() {
      const releases = join(stateDirectory, 'releases');
      const files = existsSync(releases) ? readdirSync(releases) : [];
      return files
        .map((file) => JSON.parse(readFileSync(join(releases, file), 'utf8')) as ReleaseRecord)
        .toSorted((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)));
    },
    processes,
    agentProcesses: () => processesIn([join(stateDirectory, 'artifacts')]),
    supervisorPid,
    guardPid: () => guardOf(layout)?.pid,
    async remove() {
      // A test may have left a config that is wrong, or secrets unset: destroy must not depend on it.
      await configure({});
      // What destroy always keeps.
      await rm(join(stateDirectory, 'backups'), { recursive: true, force: true });
      const destroyed = await agentctl([
        'destroy',
        '--delete-data',
        '--no-final-backup',
        '--yes',
        '--lock-wait',
        '60s',
      ]);
      const left = processes();
      for (const { pid } of left) killed(pid);
      const files = [external, join(directory, '.agentctl')].filter((path) => existsSync(path));
      await rm(root, { recursive: true, force: true });
      await rm(external, { recursive: true, force: true });
      if (destroyed.exitCode !== 0) throw new Error(`destroy exited ${destroyed.exitCode}:\n${destroyed.stderr}`);
      if (left.length > 0) throw new Error(`left running: ${JSON.stringify(left, null, 2)}`);
      if (files.length > 0) throw new Error(`left on the disk: ${files.join(', ')}`);
    },
  };
}

function killed(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone meanwhile.
  }
}

/** A scenario takes some 10 s; longer than one run of the CLI may take, so that the one that hangs is named. */
const storyMilliseconds = 300_000;

/**
 * Runs a scenario once, before the tests of a suite, and hands its facts to them: deploys are dear, and each fact is a
 * behaviour of its own, in whatever order it is looked at. Every project it opened is removed afterwards.
 */
export function story<F>(tell: (open: typeof openLocalProject) => Promise<F>): () => F {
  const projects: LocalProject[] = [];
  let told: { readonly facts: F } | undefined;
  beforeAll(async () => {
    const open = async (options?: ProjectOptions): Promise<LocalProject> => {
      const project = await openLocalProject(options);
      projects.push(project);
      return project;
    };
    told = { facts: await tell(open) };
  }, storyMilliseconds);
  afterAll(async () => {
    await Promise.all(projects.map((project) => project.remove()));
  }, storyMilliseconds);
  return () => {
    if (told === undefined) throw new Error('the scenario did not get to its end');
    return told.facts;
  };
}

export { eventually } from './eventually.js';
