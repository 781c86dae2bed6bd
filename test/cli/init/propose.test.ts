import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { loadStages } from '../../../cli/config/load-stages.js';
import type { DirectoryListing } from '../../../cli/init/directory-listing.js';
import { propose } from '../../../cli/init/propose.js';
import { readListing } from '../../../cli/init/read-listing.js';
import { renderProposal } from '../../../cli/init/render-proposal.js';
import { specInput } from '../../../cli/init/spec-input.js';
import { parseSpec } from '../../../stacks/spec/index.js';

const projects = join(import.meta.dirname, '../../fixtures/projects');
const directories = ['python-agent', 'node-agent', 'next-web', 'uv-agent', 'monorepo', 'unknown'];
const schema = 'https://schema.example/agentctl.schema.json';

test.each(directories)('%s gets exactly the expected file', async (name) => {
  const proposal = propose(await readListing(join(projects, name)));

  await expect(renderProposal(proposal, schema)).toMatchFileSnapshot(join(projects, `${name}.agentctl.yaml`));
});

test.each(directories)('the file for %s is valid for every stage', async (name) => {
  const directory = await mkdtemp(join(tmpdir(), 'agentctl-init-'));
  onTestFinished(async () => await rm(directory, { recursive: true, force: true }));
  const text = renderProposal(propose(await readListing(join(projects, name))), schema);
  await writeFile(join(directory, 'agentctl.yaml'), text);

  expect(await loadStages({ directory, defaultStage: 'production' })).toMatchObject({ kind: 'loaded' });
  for (const stage of ['local', 'production']) {
    expect(parseSpec(parse(text), { stage, target: 'local' })).toMatchObject({ kind: 'valid' });
  }
});

test.each(directories)('what is read from the file for %s is what was proposed', async (name) => {
  const proposal = propose(await readListing(join(projects, name)));

  expect(parse(renderProposal(proposal, schema))).toEqual(specInput(proposal));
});

test.each(directories)('the commented lines for %s are valid as well once they are uncommented', async (name) => {
  const text = renderProposal(propose(await readListing(join(projects, name))), schema);
  const uncommented = text.replace(/^( *)# (\w+: (?:\{|\[).*)$/gm, '$1$2');

  for (const target of ['aws', 'kubernetes'] as const) {
    expect(parseSpec(parse(uncommented), { stage: 'production', target })).toMatchObject({ kind: 'valid' });
  }
});

test('a name that is given is used', async () => {
  expect(propose(await readListing(join(projects, 'unknown')), 'given').name).toBe('given');
});

test('no example file, however odd, makes a file that is not valid', () => {
  const line = fc.oneof(
    fc.tuple(variableName, fc.string()).map(([name, value]) => `${name}=${value}`),
    fc.constantFrom(
      'OPENAI_API_KEY=sk-0123456789abcdef0123',
      'TEXT=${HOME} and $${x} ${postgres.url} ${nothing.here}',
      'DATABASE_URL=mysql://root:root@localhost/db',
      'CALLBACK=https://user:hunter22222@example.com/',
      'GITHUB=ghp_0123456789abcdefghijABCDEFGHIJ012345',
      'NAME="a # b"',
      'K_SERVICE=x',
    ),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      const proposal = propose(listing({ '.env.example': lines.join('\n'), 'requirements.txt': 'fastapi\nredis\n' }));
      const text = renderProposal(proposal, schema);

      expect(parse(text)).toEqual(specInput(proposal));
      for (const stage of ['local', 'production']) {
        expect(parseSpec(parse(text), { stage })).toMatchObject({ kind: 'valid' });
      }
      expect(text).not.toMatch(/sk-0123456789|hunter22222|ghp_0123456789/);
    }),
    { numRuns: 200 },
  );
});

const variableName = fc
  .array(
    fc.constantFrom(
      'DB',
      'URL',
      'KEY',
      'API',
      'HOST',
      'REDIS',
      'PASSWORD',
      'PORT',
      'ORIGINS',
      'A',
      'ENV',
      'AWS',
      'TOKEN',
    ),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((words) => words.join('_'));

test('a listing is bounded by what matters: no dependencies, no hidden directories', async () => {
  const { paths, texts } = await readListing(join(projects, 'python-agent'));

  expect(paths).toEqual([
    '.dockerignore',
    '.env.example',
    'Dockerfile',
    'alembic.ini',
    'backend/__init__.py',
    'backend/main.py',
    'backend/worker.py',
    'langgraph.json',
    'requirements.txt',
  ]);
  expect([...texts.keys()]).not.toContain('.dockerignore');
});

test('a .env file with real values is never read', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'agentctl-init-'));
  onTestFinished(async () => await rm(directory, { recursive: true, force: true }));
  await writeFile(join(directory, '.env'), 'CANARY_NAME=canary-value\n');
  await writeFile(join(directory, '.env.local'), 'CANARY_NAME=canary-value\n');

  const found = await readListing(directory);

  expect([...found.texts]).toEqual([]);
  expect(renderProposal(propose(found), schema)).not.toMatch(/canary/i);
});

test('a command of the Dockerfile is taken when it starts the server', () => {
  const files = {
    'requirements.txt': 'fastapi',
    'app/main.py': 'app = FastAPI()\n',
    Dockerfile:
      'FROM python\nCMD ["gunicorn", "app.main:app", "-k", "uvicorn.workers.UvicornWorker", "--bind=0.0.0.0:9000"]\n',
  };

  expect(propose(listing(files)).services[0]).toMatchObject({
    command: ['gunicorn', 'app.main:app', '-k', 'uvicorn.workers.UvicornWorker', '--bind=0.0.0.0:9000'],
    http: { port: 9000 },
  });
});

test('applications in tests are not proposed', () => {
  const files = {
    'requirements.txt': 'fastapi',
    'tests/app.py': 'app = FastAPI()\n',
    'service.py': 'api = FastAPI()\n',
  };

  expect(propose(listing(files)).services[0]?.command).toContain('service:api');
});

test('what only containers have makes the local runtime docker', () => {
  expect(propose(listing({ 'requirements.txt': 'pgvector' })).local.needsDocker).toEqual(['pgvector']);
  expect(propose(listing({ 'requirements.txt': 'pika' })).local.needsDocker).toEqual(['RabbitMQ']);
  expect(propose(listing({ 'requirements.txt': 'psycopg' })).local.needsDocker).toEqual([]);
});

test('a vector extension is found in a migration', () => {
  const files = {
    'package.json': '{"dependencies":{"pg":"8"}}',
    'migrations/1.sql': 'CREATE EXTENSION IF NOT EXISTS vector;',
  };

  expect(propose(listing(files)).parts.postgres).toEqual({ extensions: ['vector'] });
});

test('Alembic without a Postgres driver means Postgres, unless there is a driver of another database', () => {
  expect(propose(listing({ 'alembic.ini': '', 'requirements.txt': 'alembic' })).parts.postgres).toBeDefined();
  expect(
    propose(listing({ 'alembic.ini': '', 'requirements.txt': 'alembic\npymysql' })).parts.postgres,
  ).toBeUndefined();
});

function listing(files: Readonly<Record<string, string>>): DirectoryListing {
  return {
    name: 'some-agent',
    prefix: '',
    paths: Object.keys(files).toSorted(),
    texts: new Map(Object.entries(files)),
  };
}
