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

/**
 * A copy of examples/fastapi-agent in a directory of its own, whose virtual environment takes everything from the machine:
 * no PyPI is reached from every machine, and pip alone would take longer than all the rest.
 */
export async function copyFastapiAgent(): Promise<{ readonly root: string; readonly directory: string }> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'agentctl-fastapi-')));
  // The database runs as another user and must be able to walk into it.
  await chmod(root, 0o755);
  const directory = join(root, 'agent');
  await cp(join(import.meta.dirname, '../../examples/fastapi-agent'), directory, {
    recursive: true,
    filter: (path) => !/\.agentctl|\.venv|__pycache__/.test(path),
  });
  const config = join(directory, 'agentctl.yaml');
  const { clouds, ...rest } = parse(await readFile(config, 'utf8')) as { clouds: { local: object } };
  const build = [['python3', '-m', 'venv', '--system-site-packages', '--without-pip', '.venv']];
  await writeFile(config, stringify({ ...rest, clouds: { local: { ...clouds.local, process: { build } } } }));
  return { root, directory };
}
