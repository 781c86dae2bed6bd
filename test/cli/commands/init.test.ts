import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { CommandContext } from '../../../cli/command-context.js';
import { init } from '../../../cli/commands/init.js';
import { validate } from '../../../cli/commands/validate.js';
import { commandContext } from '../../support/command-context.js';

const projects = join(import.meta.dirname, '../../fixtures/projects');
let directory: string;
let notes: string[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'agentctl-init-'));
  notes = [];
  await cp(join(projects, 'node-agent'), directory, { recursive: true });
  onTestFinished(async () => await rm(directory, { recursive: true, force: true }));
});

test('a file that passes validate is written, with what was found and what to do next', async () => {
  const result = await init({}, context());

  expect(result.exitCode).toBe(0);
  expect(result.text).toBe(`Wrote agentctl.yaml

Found:
  api: the express application
  worker: the script "worker" of package.json
  migration: node src/migrate.js (the script "migrate" of package.json)
  data: Postgres, Redis as cache, Redis as queue
  LangGraph
  secrets: OPENAI_API_KEY
Check:
  .dockerignore lets .git into the image: add this line to it

Next:
  agentctl validate
  agentctl secrets set OPENAI_API_KEY --cloud local
  agentctl deploy --cloud local`);
  expect(await validate({}, context())).toMatchObject({ exitCode: 0 });
});

test.each(['agentctl.yaml', 'agentctl.yml'])('%s is never overwritten without --force', async (name) => {
  await writeFile(join(directory, name), 'name: mine\n');

  await expect(init({}, context())).rejects.toMatchObject({ code: 'Refused', fix: expect.stringContaining('--force') });
  expect(await read(name)).toBe('name: mine\n');

  const forced = await init({ force: true }, context());
  expect(forced.text).toMatch(new RegExp(`^Overwrote ${name}\n`));
  expect(await read(name)).toContain('name: chat-agent');
});

test('--stdout prints the file alone, and writes nothing, not even beside an existing one', async () => {
  await writeFile(join(directory, 'agentctl.yaml'), 'name: mine\n');
  await writeFile(join(directory, '.gitignore'), 'node_modules\n');

  const { text } = await init({ stdout: true }, context());

  expect(text).toMatch(/^# yaml-language-server: /);
  expect(notes.join('\n')).toContain('Found:');
  expect(await read('agentctl.yaml')).toBe('name: mine\n');
  expect(await read('.gitignore')).toBe('node_modules\n');
});

test('the state directory is ignored by git and by image builds, where they have such a file', async () => {
  await writeFile(join(directory, '.gitignore'), 'node_modules\n');
  await writeFile(join(directory, '.dockerignore'), 'node_modules\n');

  const { text, data } = await init({}, context());

  expect(await read('.gitignore')).toBe('node_modules\n.agentctl/\n');
  expect(await read('.dockerignore')).toBe('node_modules\n.agentctl/\n');
  expect(text).toContain('Added .agentctl/ to .gitignore\nAdded .agentctl/ to .dockerignore\n');
  expect(data).toMatchObject({ ignored: ['.gitignore', '.dockerignore'] });
});

test('a directory without a Dockerfile gets one, with a .dockerignore', async () => {
  await rm(join(directory, 'Dockerfile'));
  await rm(join(directory, '.dockerignore'));

  const { text, data } = await init({}, context());

  expect(text).toMatch(/^Wrote agentctl.yaml\nWrote Dockerfile\nWrote .dockerignore\n\n/);
  expect(data).toMatchObject({ scaffolded: ['Dockerfile', '.dockerignore'] });
  expect(await read('Dockerfile')).toContain('CMD ["node", "src/server.js"]');
  expect(await read('.dockerignore')).toContain('**/.env\n');
});

test('an ignore file that is there stays, and what it lets through is said', async () => {
  await rm(join(directory, 'Dockerfile'));
  await writeFile(join(directory, '.dockerignore'), 'node_modules\n.agentctl\n');

  const { text, data } = await init({}, context());

  expect(data).toMatchObject({ scaffolded: ['Dockerfile'] });
  expect(text).toContain('.dockerignore lets .env and .git into the image: add these lines to it');
  expect(await read('.dockerignore')).toBe('node_modules\n.agentctl\n');
});

test('--stdout writes no Dockerfile either', async () => {
  await rm(join(directory, 'Dockerfile'));

  await init({ stdout: true }, context());

  await expect(read('Dockerfile')).rejects.toMatchObject({ code: 'ENOENT' });
});

test('an ignore file is not made where there is none', async () => {
  await rm(join(directory, '.dockerignore'));
  await init({}, context());

  await expect(read('.gitignore')).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(read('.dockerignore')).rejects.toMatchObject({ code: 'ENOENT' });
});

test('the schema of an installed package is preferred to the one on the network', async () => {
  await init({}, context());
  expect(await read('agentctl.yaml')).toMatch(/^# yaml-language-server: \$schema=https:\/\/unpkg\.com\/agentctl\//);

  await mkdir(join(directory, 'node_modules/agentctl'), { recursive: true });
  await writeFile(join(directory, 'node_modules/agentctl/agentctl.schema.json'), '{}');
  await init({ force: true }, context());
  expect(await read('agentctl.yaml')).toMatch(
    /^# yaml-language-server: \$schema=node_modules\/agentctl\/agentctl\.schema\.json\n/,
  );
});

test('a directory and a name are taken from the command line, and repeated in the hints', async () => {
  await cp(join(projects, 'uv-agent'), join(directory, 'services/research'), { recursive: true });

  const { text } = await init({ directory: 'services/research', name: 'given-name' }, context());

  expect(await read('services/research/agentctl.yaml')).toContain('name: given-name');
  expect(text).toMatch(/^Wrote services\/research\/agentctl\.yaml\n/);
  expect(text).toMatch(
    /Next:\n {2}agentctl validate -C services\/research\n {2}agentctl synth --cloud local -C services\/research$/,
  );
});

test('a name that no spec takes is refused before anything is written', async () => {
  await expect(init({ name: 'My Agent' }, context())).rejects.toMatchObject({ code: 'UsageInvalid' });
  await expect(read('agentctl.yaml')).rejects.toMatchObject({ code: 'ENOENT' });
});

test('for a target that this version does not deploy to, the next step is to check the file for it', async () => {
  await cp(join(projects, 'uv-agent'), directory, { recursive: true });

  const { text } = await init({ cloud: 'aws' }, context());

  expect(text).toMatch(/Next:\n {2}agentctl validate --cloud aws$/);
});

test('a directory that is none is refused', async () => {
  await expect(init({ directory: 'nowhere' }, context())).rejects.toMatchObject({ code: 'UsageInvalid' });
  await expect(init({ directory: 'package.json' }, context())).rejects.toMatchObject({ code: 'UsageInvalid' });
});

async function read(name: string): Promise<string> {
  return await readFile(join(directory, name), 'utf8');
}

function context(): CommandContext {
  return commandContext({ workingDirectory: directory, onNote: (text) => void notes.push(text) });
}
