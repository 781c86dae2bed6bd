import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import type { CommandContext } from '../../../cli/command-context.js';
import { synth } from '../../../cli/commands/synth.js';
import { commandContext } from '../../support/command-context.js';

let directory: string;
let warnings: string[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'agentctl-synth-'));
  warnings = [];
  await writeFile(join(directory, 'agentctl.yaml'), web);
  await writeFile(join(directory, '.dockerignore'), '.agentctl\n');
  onTestFinished(async () => await rm(directory, { recursive: true, force: true }));
});

test('the local target is written as a Compose project and the plan of the process runtime', async () => {
  const result = await synth({ cloud: 'local' }, context());

  const written = join(directory, '.agentctl/synth/local-local');
  expect(result).toMatchObject({ exitCode: 0, data: { directory: written, missing: ['OPENAI_API_KEY'] } });
  expect(result.text).toBe(`.agentctl/synth/local-local/
  compose.yaml    created
  Caddyfile       created
  processes.json  created
  .env            created
  .gitignore      created

Set OPENAI_API_KEY in .agentctl/synth/local-local/.env, then run it:
  docker compose -f .agentctl/synth/local-local/compose.yaml up --build
It answers on http://127.0.0.1:8080`);
  expect(JSON.parse(await read('processes.json'))).toMatchObject({
    processPlanVersion: 1,
    name: 'web',
    stage: 'local',
  });
  expect(parse(await read('compose.yaml'), { merge: true })).toMatchObject({
    services: { api: { build: { context: '../../..' } } },
  });
  expect(warnings).toEqual([]);
});

test('the second run changes no byte', async () => {
  await synth({ cloud: 'local' }, context());
  const before = await everyFile();

  const result = await synth({ cloud: 'local' }, context());

  expect(await everyFile()).toEqual(before);
  expect(changes(result.data)).toEqual(['unchanged']);
});

test('generated passwords and typed values outlive a change of the config file', async () => {
  await synth({ cloud: 'local' }, context());
  const first = (await read('.env')).replace('OPENAI_API_KEY=', 'OPENAI_API_KEY=typed');
  await writeFile(file('.env'), first);
  await writeFile(join(directory, 'agentctl.yaml'), `${web}cache: {}\n`);

  const { data } = await synth({ cloud: 'local' }, context());

  expect(await read('.env')).toMatch(first);
  expect(await read('.env')).toMatch(/^CACHE_PASSWORD=[\w-]{43}$/m);
  expect(data).toMatchObject({ missing: [], files: expect.arrayContaining([{ name: '.env', change: 'changed' }]) });
});

test('only the owner may read the .env file, even when it was more open before', async () => {
  await synth({ cloud: 'local' }, context());
  await chmod(file('.env'), 0o644);
  await synth({ cloud: 'local' }, context());

  expect((await stat(file('.env'))).mode & 0o777).toBe(0o600);
});

test('no generated password is shown or written anywhere but to the .env file', async () => {
  const { text, data } = await synth({ cloud: 'local' }, context());
  const password = /POSTGRES_PASSWORD=(.+)/.exec(await read('.env'))?.[1] ?? '';

  expect(password).toMatch(/^[\w-]{43}$/);
  const files = await everyFile();
  const others = Object.entries(files).filter(([name]) => name !== '.env');
  expect(text + JSON.stringify(data) + JSON.stringify(others)).not.toContain(password);
});

test('another directory and another stage give the same project, with its paths put right', async () => {
  await writeFile(join(directory, 'agentctl.yaml'), `${web}stages: { staging: { env: { A: b } } }\n`);

  const { data } = await synth({ cloud: 'local', stage: 'staging', output: 'deploy/compose' }, context());

  expect(data).toMatchObject({ directory: join(directory, 'deploy/compose') });
  const project = parse(await readFile(join(directory, 'deploy/compose/compose.yaml'), 'utf8'), { merge: true });
  expect(project).toMatchObject({ services: { api: { build: { context: '../..' } } } });
  expect(await readFile(join(directory, 'deploy/compose/.gitignore'), 'utf8')).toBe('.env\n');
  expect(await readFile(join(directory, 'deploy/compose/.env'), 'utf8')).toContain(
    'COMPOSE_PROJECT_NAME=web-staging\n',
  );
});

test('a build context that would take the passwords into an image is warned about', async () => {
  await rm(join(directory, '.dockerignore'));

  await synth({ cloud: 'local' }, context());

  expect(warnings).toEqual([
    'a build with "COPY . ." would take .agentctl/synth/local-local/.env into the image: add .agentctl to .dockerignore',
  ]);
});

test('files that are no longer needed are removed', async () => {
  await synth({ cloud: 'local' }, context());
  await writeFile(join(directory, 'agentctl.yaml'), workerInContainers);

  const { data } = await synth({ cloud: 'local' }, context());

  expect(data).toMatchObject({
    files: expect.arrayContaining([
      { name: 'Caddyfile', change: 'removed' },
      { name: 'processes.json', change: 'removed' },
    ]),
  });
  expect(await readdir(file('.'))).toEqual(['.env', '.gitignore', 'compose.yaml']);
});

test('a value that the environment has already is not asked for', async () => {
  const { data } = await synth({ cloud: 'local' }, { ...context(), environment: { OPENAI_API_KEY: 'k' } });

  expect(data).toMatchObject({ missing: [] });
});

test('a target that this version does not synthesize is refused by name', async () => {
  await expect(synth({ cloud: 'azure' }, context())).rejects.toMatchObject({
    code: 'TargetUnavailable',
    message: 'this version does not synthesize for azure',
    fix: 'use --cloud local, aws or gcp: it synthesizes for no other target',
  });
});

test('for Google Cloud it writes a Terraform configuration for each state; the second run changes no byte', async () => {
  await writeFile(
    join(directory, 'agentctl.yaml'),
    `${web}clouds: { gcp: { project: my-project, region: us-central1 } }\n`,
  );

  const { text, data } = await synth({ cloud: 'gcp', stage: 'production', output: 'gcp' }, context());
  const again = await synth({ cloud: 'gcp', stage: 'production', output: 'gcp' }, context());

  expect(text).toBe(`gcp/
  foundation/cdk.tf.json  created
  service/cdk.tf.json     created
  README.md               created
  .gitignore              created

Images that have to be built first have a digest of zeros; put the real one in before you apply.
gcp/README.md says how to apply this with terraform; agentctl deploy --cloud gcp does it: docs/gcp.md.`);
  expect(data).toMatchObject({ problems: [], unknownImages: ['.'] });
  expect(changes(again.data)).toEqual(['unchanged']);
  const readme = await readFile(join(directory, 'gcp/README.md'), 'utf8');
  expect(readme).toContain('gs://agentctl-state-my-project');
  expect(readme).toContain('`agentctl-web-production-secrets-OPENAI_API_KEY`: the value');
  const foundation = JSON.parse(await readFile(join(directory, 'gcp/foundation/cdk.tf.json'), 'utf8')) as object;
  expect(foundation).toMatchObject({ terraform: { required_providers: { google: { version: '6.50.0' } } } });
});

test('an output that is a file is refused', async () => {
  await expect(synth({ cloud: 'local', output: 'agentctl.yaml' }, context())).rejects.toMatchObject({
    code: 'UsageInvalid',
  });
});

const web = `name: web
env: { DATABASE_URL: "\${postgres.url}" }
secrets: [OPENAI_API_KEY]
services:
  api:
    command: [node, server.js]
    port: 3000
    routes: [{ path: / }]
    health: { readiness: /health }
postgres: {}
`;

const workerInContainers = `name: web
services: { worker: { command: [node, worker.js] } }
clouds: { local: { runtime: docker } }
`;

function context(): CommandContext {
  return commandContext({
    workingDirectory: directory,
    onNote: () => undefined,
    onWarning: (text) => void warnings.push(text),
  });
}

function file(name: string): string {
  return join(directory, '.agentctl/synth/local-local', name);
}

async function read(name: string): Promise<string> {
  return await readFile(file(name), 'utf8');
}

async function everyFile(): Promise<Readonly<Record<string, string>>> {
  const names = await readdir(file('.'));
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await read(name)] as const)));
}

function changes(data: Readonly<Record<string, unknown>>): readonly unknown[] {
  const files = Array.isArray(data['files']) ? data['files'] : [];
  return [...new Set(files.map((entry: { readonly change?: unknown }) => entry.change))];
}
