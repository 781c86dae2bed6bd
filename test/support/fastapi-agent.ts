import { chmod, cp, mkdtemp, readFile, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

/** What examples/fastapi-agent imports. */
export const fastapiModules = ['fastapi', 'uvicorn', 'sqlalchemy', 'alembic', 'psycopg2', 'celery', 'redis', 'venv'];

/** The packages of Debian 12 that bring them. */
export const fastapiPackages = [
  'python3-fastapi',
  'uvicorn',
  'python3-sqlalchemy',
  'alembic',
  'python3-psycopg2',
  'celery',
  'python3-redis',
  'python3-venv',
];

/** A project in a directory of its own. */
export interface CopiedAgent {
  /** Holds the project, and is removed with it. */
  readonly root: string;
  readonly directory: string;
}

/** The parts of `clouds.local` that a test sets. */
type LocalSettings = Readonly<Record<string, unknown>>;

/**
 * A copy of examples/fastapi-agent whose virtual environment takes everything from the machine: no PyPI is reached from
 * every machine, and pip alone would take longer than all the rest.
 */
export async function copyFastapiAgent(): Promise<CopiedAgent> {
  const agent = await copied();
  const build = [['python3', '-m', 'venv', '--system-site-packages', '--without-pip', '.venv']];
  await configure(agent, { env: { LOST_AFTER_SECONDS: '3' } }, { process: { build } });
  return agent;
}

/** A copy for the docker runtime, whose Dockerfile finds everything in its base: Debian's packages. */
export async function copyFastapiAgentForDocker(base: string, local: LocalSettings): Promise<CopiedAgent> {
  const agent = await copied();
  const requirements = join(agent.directory, 'requirements.txt');
  await writeFile(requirements, debianRequirements(await readFile(requirements, 'utf8')));
  // Debian's FastAPI runs with a newer Starlette than it says it wants, which pip would go and look for.
  const build = { context: '.', args: { BASE: base, PIP_OPTIONS: '--no-deps --no-index' } };
  // Half a CPU is enforced here, and Python under load misses the two seconds of its health check with it.
  await configure(agent, { image: { build } }, { runtime: 'docker', ...local }, 2);
  return agent;
}

/** Pure: psycopg2 under the name of its sources, and no LangGraph, without which the example runs a graph of its own. */
export function debianRequirements(text: string): string {
  return text.replace(/^psycopg2-binary/m, 'psycopg2').replace(/^langgraph.*\n/m, '');
}

async function copied(): Promise<CopiedAgent> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'agentctl-fastapi-')));
  // The database runs as another user and must be able to walk into it.
  await chmod(root, 0o755);
  const directory = join(root, 'agent');
  await cp(join(import.meta.dirname, '../../examples/fastapi-agent'), directory, {
    recursive: true,
    filter: (path) => !/\.agentctl|\.venv|__pycache__/.test(path),
  });
  return { root, directory };
}

/** `cpu`: of every service. @default - what the file says */
async function configure(
  { directory }: CopiedAgent,
  { env, ...change }: { readonly env?: object; readonly image?: object },
  local: LocalSettings,
  cpu?: number,
): Promise<void> {
  const file = join(directory, 'agentctl.yaml');
  const { clouds, ...rest } = parse(await readFile(file, 'utf8')) as {
    clouds: { local: object };
    env: object;
    services: Record<string, { size: { cpu: number } }>;
  };
  if (cpu !== undefined) for (const { size } of Object.values(rest.services)) size.cpu = cpu;
  await writeFile(
    file,
    stringify({ ...rest, ...change, env: { ...rest.env, ...env }, clouds: { local: { ...clouds.local, ...local } } }),
  );
}
