import { chmod, mkdir, symlink, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { readBuildContext } from '../../../../cli/tools/images/build-context.js';
import { ignoreMatcher } from '../../../../cli/tools/images/ignore-file.js';
import { sentFiles } from '../../../../cli/tools/images/sent-files.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const privateKey = '-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbn\n-----END OPENSSH PRIVATE KEY-----\n';

async function contextWith(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await temporaryDirectory();
  for (const [name, text] of Object.entries({ Dockerfile: 'FROM scratch\nCOPY . .\n', ...files })) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), text, { mode: 0o644 });
  }
  return directory;
}

function recipeOf(directory: string, changes: object = {}) {
  const dockerfile = join(directory, 'Dockerfile');
  return { dockerfile, args: { A: '1', B: '2' }, platform: 'linux/amd64', secrets: [], ...changes };
}

async function hashOf(directory: string, changes: object = {}): Promise<string> {
  return (await readBuildContext(directory, recipeOf(directory, changes))).contentHash;
}

test('the same content hashes to the same wherever and whenever it is', async () => {
  const [one, other] = [await contextWith({ 'a/b': 'x', c: 'y' }), await contextWith({ c: 'y', 'a/b': 'x' })];

  expect(await hashOf(one)).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(await hashOf(other)).toBe(await hashOf(one));
  expect(await hashOf(one, { args: { B: '2', A: '1' } })).toBe(await hashOf(one));
});

test.each([
  ['content', async (at: string) => await writeFile(join(at, 'a'), 'other')],
  ['a mode', async (at: string) => await chmod(join(at, 'a'), 0o755)],
  ['a new file', async (at: string) => await writeFile(join(at, 'b'), '')],
  ['an empty directory', async (at: string) => await mkdir(join(at, 'empty'))],
  ['the Dockerfile', async (at: string) => await writeFile(join(at, 'Dockerfile'), 'FROM scratch\n')],
  [
    'a symlink in place of its target',
    async (at: string) => {
      await unlink(join(at, 'a'));
      await symlink('x', join(at, 'a'));
    },
  ],
])('another hash for %s', async (_, change) => {
  const directory = await contextWith({ a: 'x' });
  const before = await hashOf(directory);

  await change(directory);

  expect(await hashOf(directory)).not.toBe(before);
});

test.each([{ args: { A: '1' } }, { platform: 'linux/arm64' }, { target: 'prod' }, { secrets: ['TOKEN'] }])(
  'another hash for %j',
  async (change) => {
    const directory = await contextWith({});

    expect(await hashOf(directory, change)).not.toBe(await hashOf(directory));
  },
);

test('what is left out changes nothing', async () => {
  const directory = await contextWith({ '.dockerignore': 'logs\n*.tmp\n', a: 'x' });
  const before = await hashOf(directory);

  await writeFile(join(directory, 'x.tmp'), 'x');
  await mkdir(join(directory, 'logs'));
  await writeFile(join(directory, 'logs/today'), 'x');

  expect(await hashOf(directory)).toBe(before);
});

test('of two ignore files the Dockerfile’s own counts', async () => {
  const directory = await contextWith({ '.dockerignore': 'a\n', 'Dockerfile.dockerignore': 'b\n', a: '', b: '' });

  const { ignore } = await readBuildContext(directory, recipeOf(directory));

  expect(ignore).toEqual({ path: join(directory, 'Dockerfile.dockerignore'), text: 'b\n' });
});

test('patterns mean what they mean to Docker', async () => {
  const directory = await contextWith({
    'keep/a': '',
    'keep/deep/b.md': '',
    'gone/c': '',
    'gone/back/d': '',
    '#odd': '',
    'README.md': '',
  });
  const patterns = '# comment\r\n\r\ngone\r\n!gone/back\r\n**/*.md\r\n!README.md\r\n';

  const sent = await sentFiles(directory, ignoreMatcher(patterns));

  expect(sent.filter(({ kind }) => kind === 'file').map(({ path }) => path)).toEqual([
    '#odd',
    'Dockerfile',
    'README.md',
    'gone/back/d',
    'keep/a',
  ]);
});

test('a context that would send secrets is refused, with the lines that mend it', async () => {
  const directory = await contextWith({
    '.env': 'A=b',
    '.env.example': 'A=',
    'app/[id]/.env.production': 'A=b',
    '.git/HEAD': 'ref: x',
    '.git/config': '',
    '.agentctl/local/secrets.json': '{}',
    'deploy/id_ed25519': privateKey,
    'certs/server.pem': privateKey,
    'certs/ca.pem': '-----BEGIN CERTIFICATE-----\n',
    'slides.key': 'PK\u0003\u0004',
    'gcp.json': '{ "type": "service_account", "private_key": "x" }',
    'data.json': '{ "type": "other" }',
    '.npmrc': '//registry.npmjs.org/:_authToken=npm_abc\n',
    'home/.aws/credentials': '[default]',
    'infra/terraform.tfstate': '{}',
    'src/main.py': '',
  });

  const refused = readBuildContext(directory, recipeOf(directory));

  await expect(refused).rejects.toMatchObject({
    code: 'Refused',
    fix: expect.stringMatching(/^write a file \.dockerignore with:\n/) as string,
    data: {
      lines: [
        '.agentctl',
        '.env',
        '.git',
        '.npmrc',
        String.raw`app/\[id\]/.env.production`,
        'certs/server.pem',
        'deploy/id_ed25519',
        'gcp.json',
        'home/.aws',
        'infra/terraform.tfstate',
      ],
    },
  });
  await expect(refused).rejects.toMatchObject({
    detail: expect.stringContaining('.env  (an environment file)') as string,
  });
});

test('the lines of a refusal, written down, are all it takes', async () => {
  const files = {
    '.env': '',
    '.git': 'gitdir: /elsewhere',
    'a [1]/id_rsa': privateKey,
    '#b/.env.local': '',
    '!c/.env': '',
  };
  const directory = await contextWith(files);
  const refused: unknown = await readBuildContext(directory, recipeOf(directory)).catch((error: unknown) => error);
  const { lines } = (refused as { data: { lines: string[] } }).data;

  await writeFile(join(directory, '.dockerignore'), lines.join('\n'));

  expect(lines).toHaveLength(5);
  await expect(readBuildContext(directory, recipeOf(directory))).resolves.toBeDefined();
});

test('only what would be sent counts', async () => {
  const ignore = '.env*\n.git\n.npmrc\n!.env.sample\n';
  const npmrc = '//registry.npmjs.org/:_authToken=abc\n';
  const directory = await contextWith({
    '.dockerignore': ignore,
    '.env': '',
    '.env.sample': '',
    '.git/HEAD': '',
    '.npmrc': npmrc,
  });

  await expect(readBuildContext(directory, recipeOf(directory))).resolves.toBeDefined();

  await writeFile(join(directory, '.dockerignore'), `${ignore}!.env\n`);
  await expect(readBuildContext(directory, recipeOf(directory))).rejects.toMatchObject({
    fix: 'add to the end of .dockerignore:\n         .env',
  });
});

test('a token that comes from a variable is none', async () => {
  const npmrc = '//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n';
  const directory = await contextWith({ '.npmrc': npmrc });

  await expect(readBuildContext(directory, recipeOf(directory))).resolves.toBeDefined();
});

test('a context or Dockerfile that is not there is told by its field', async () => {
  const directory = await contextWith({});

  await expect(readBuildContext(join(directory, 'no'), recipeOf(directory))).rejects.toMatchObject({
    code: 'SpecInvalid',
    fix: expect.stringContaining('image.build.context') as string,
  });
  await expect(
    readBuildContext(directory, recipeOf(directory, { dockerfile: join(directory, 'Dockerfile.prod') })),
  ).rejects.toMatchObject({ code: 'SpecInvalid', fix: expect.stringContaining('image.build.dockerfile') as string });
});
