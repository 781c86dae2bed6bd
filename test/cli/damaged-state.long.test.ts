import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ReleaseRecord } from '../../cli/ledger/release-record.js';
import { type CliRun, runCli } from '../support/cli-host.js';
import { lockHolder, type StageFiles, stageFiles } from '../support/stage-files.js';

const canary = 'canary-4f1c9e82b07d';
const newestRun = '20261120-101502345-3f9c';

/** Command lines; each has what it needs but for the damaged file. */
const commands: Readonly<Record<string, readonly string[]>> = {
  status: ['status'],
  releases: ['releases'],
  logs: ['logs'],
  doctor: ['doctor'],
  unlock: ['unlock'],
  'secrets list': ['secrets', 'list'],
  'secrets set': ['secrets', 'set', 'API_TOKEN'],
  plan: ['deploy', '--plan-only'],
  rollback: ['rollback', '--yes'],
  resume: ['resume'],
  'saved plan': ['deploy', '--plan', 'plan.json', '--yes'],
};

interface DamagedFile {
  /** Relative to the state directory, or to the project. */
  readonly name: string;
  readonly content: () => string;
  readonly versionField: string;
  /** Commands that cannot do without it. */
  readonly neededBy: readonly string[];
  /** Commands that only refuse one that a newer agentctl wrote. */
  readonly neededByIfNewer?: readonly string[];
  /** @default StateUnreadable */
  readonly code?: string;
}

const files: Readonly<Record<string, DamagedFile>> = {
  lock: {
    name: 'lock.json',
    content: () => JSON.stringify(lockHolder()),
    versionField: 'lockVersion',
    neededBy: ['rollback', 'resume', 'saved plan'],
  },
  'release record': {
    name: 'releases/r2.json',
    content: () => JSON.stringify(record('r2')),
    versionField: 'recordVersion',
    neededBy: [],
    neededByIfNewer: ['plan', 'rollback', 'saved plan'],
  },
  'record of what runs': {
    name: 'desired.json',
    content: () => JSON.stringify(desired),
    versionField: 'version',
    neededBy: ['plan', 'rollback', 'saved plan'],
  },
  'secret store': {
    name: 'secrets.json',
    content: () => JSON.stringify({ version: 1, generated: {}, secrets: { API_TOKEN: `${canary}-ü` } }),
    versionField: 'version',
    neededBy: ['secrets list', 'secrets set', 'plan', 'rollback', 'saved plan'],
  },
  journal: {
    name: `runs/${newestRun}.ndjson`,
    content: () => '',
    versionField: 'journalVersion',
    neededBy: ['resume'],
  },
  plan: {
    name: '../../../plan.json',
    content: () => readFileSync(join(import.meta.dirname, 'targets/local/__snapshots__/first-deploy.json'), 'utf8'),
    versionField: 'planVersion',
    neededBy: ['saved plan'],
    code: 'PlanInvalid',
  },
};

type Damage = (stage: StageFiles, file: DamagedFile) => Promise<void>;

const rewritten =
  (change: (bytes: Buffer, file: DamagedFile) => Buffer | string): Damage =>
  async (stage, file) =>
    await stage.write(file.name, change(readFileSync(stage.path(file.name)), file));

/** The first line holds the version: of a journal, the only one that matters here. */
const withVersion = (version: number): Damage =>
  rewritten((bytes, { versionField }) =>
    bytes.toString().replace(new RegExp(`"${versionField}":\\s*1`), `"${versionField}":${version}`),
  );

const asDirectory: Damage = (stage, { name }) => {
  rmSync(stage.path(name));
  mkdirSync(stage.path(name));
  return Promise.resolve();
};

const damages: Readonly<Record<string, Damage>> = {
  'zero bytes': rewritten(() => ''),
  'one byte': rewritten((bytes) => bytes.subarray(0, 1)),
  'its first half': rewritten((bytes) => withNewline(bytes.subarray(0, Math.floor(firstLine(bytes) / 2)))),
  'all but the last byte': rewritten((bytes) => withNewline(bytes.subarray(0, firstLine(bytes) - 1))),
  'half a character': rewritten((bytes) => withNewline(Buffer.concat([bytes.subarray(0, 20), Buffer.from([0xc3])]))),
  'garbage behind it': rewritten((bytes) => Buffer.concat([bytes, Buffer.from('}garbage\n')])),
  'zeroes in place of it': rewritten((bytes) => withNewline(Buffer.alloc(bytes.length))),
  'another shape': rewritten((bytes, { versionField }) => `{"${versionField}":1,"other":"${canary}"}\n`),
  'a list': rewritten(() => '[]\n'),
  'an older version': withVersion(0),
  'a newer version': withVersion(2),
  'a directory in its place': asDirectory,
};

describe.each(Object.entries(files))('a %s that is damaged', (kind, file) => {
  test.each(Object.entries(damages))('%s', async (damageName, damage) => {
    const stage = await deployedStage(kind);
    await damage(stage, file);
    const before = snapshot(stage.directory);
    const isNewer = damageName === 'a newer version';
    const refusing = [...file.neededBy, ...(isNewer ? (file.neededByIfNewer ?? []) : [])];

    for (const [name, args] of Object.entries(commands)) {
      const run = await runCli([...args, '--cloud', 'local', '--json'], { cwd: stage.directory, stdin: 'new-value\n' });
      const error = errorOf(run);
      const about = `${name}: ${JSON.stringify(error)}`;

      expect(run.stdout, about).not.toContain(canary);
      expect(run.exitCode, about).not.toBe(70);
      if (refusing.includes(name)) {
        const { code = 'StateUnreadable' } = file;
        expect(error, about).toMatchObject({ code, fix: expect.stringMatching(/\w/) as string });
        expect(error?.message, about).toContain(nameIn(file));
        if (isNewer) expect(error, about).toMatchObject({ fix: expect.stringMatching(/^update agentctl/) as string });
      } else {
        expect(error?.code ?? 'none', about).not.toMatch(/StateUnreadable|PlanInvalid/);
      }
      if (name === 'doctor' && kind !== 'plan') expect(JSON.stringify(run.lines), about).toContain(nameIn(file));
      if (name === 'secrets set' && !refusing.includes(name)) await stage.write('secrets.json', secretStore());
      expect(snapshot(stage.directory), about).toEqual(before);
    }
  });
});

test('a damaged release is listed as that, with what to do', async () => {
  const stage = await deployedStage('release record');
  await stage.write('releases/r1.json', '{');

  const run = await runCli(['releases', '--cloud', 'local'], { cwd: stage.directory });

  expect(run.exitCode).toBe(0);
  expect(run.stdout).toMatch(/^r2 .*\nr1 +- +- +- +- +damaged$/m);
  expect(run.stdout).toContain(`r1: cannot read the release record ${stage.path('releases/r1.json')}`);
});

test('the release after a damaged one gets the next number', async () => {
  const stage = await deployedStage('release record');
  await stage.write('releases/r3.json', '');

  const run = await runCli(['deploy', '--plan-only', '--cloud', 'local', '--json'], { cwd: stage.directory });

  expect(run.lines.at(-1)).toMatchObject({ plan: { release: 'r4' } });
});

describe('a file that may not be read', () => {
  test.each(['lock', 'secret store', 'record of what runs', 'journal'])('%s', async (kind) => {
    const stage = await deployedStage(kind);
    const { name, neededBy } = files[kind] ?? { name: '', neededBy: [] };
    const [command = ''] = neededBy;
    chmodSync(stage.path(name), 0);

    const run = await asNobody(stage.directory, async () =>
      runCli([...(commands[command] ?? []), '--cloud', 'local', '--json'], { cwd: stage.directory }),
    );

    expect(errorOf(run)).toMatchObject({
      code: 'StateUnreadable',
      message: expect.stringContaining(`${stage.path(name)}: it may not be read`) as string,
      fix: `give yourself access to it: chmod u+rw ${stage.path(name)}`,
    });
  });
});

test('doctor names a secret store that others may read', async () => {
  const stage = await deployedStage('secret store');
  chmodSync(stage.path('secrets.json'), 0o644);

  const run = await runCli(['doctor', '--cloud', 'local'], { cwd: stage.directory });

  expect(run.exitCode).toBe(3);
  expect(run.stdout).toContain(`others may read the secret store ${stage.path('secrets.json')} (mode 644)`);
});

test('a journal whose last line a crash cut short is gone on with', async () => {
  const stage = await deployedStage('journal');
  const whole = readFileSync(stage.path(`runs/${newestRun}.ndjson`));
  const middle = whole.indexOf('ö') + 1;
  await stage.write(`runs/${newestRun}.ndjson`, whole.subarray(0, middle));

  const run = await runCli(['resume', '--cloud', 'local', '--json'], { cwd: stage.directory });

  expect(errorOf(run)).toMatchObject({ code: 'PlanStale' });
});

/** r1 and r2 were released, a third deploy was cut off while it built, and nothing runs. */
async function deployedStage(kind: string): Promise<StageFiles> {
  const stage = await stageFiles();
  for (const id of ['r1', 'r2']) await stage.write(`releases/${id}.json`, JSON.stringify(record(id)));
  await stage.journal(newestRun);
  await stage.write('secrets.json', secretStore());
  // Without need for it they would start a supervisor, or wait for the one who holds the lock.
  if (kind === 'record of what runs') await stage.write('desired.json', JSON.stringify(desired));
  if (kind === 'lock') await stage.write('lock.json', JSON.stringify(lockHolder()));
  await stage.write('../../../plan.json', files['plan']?.content() ?? '');
  writeFileSync(join(stage.directory, '.agentctl', '.gitignore'), '*\n');
  return stage;
}

function secretStore(): string {
  return files['secret store']?.content() ?? '';
}

const desired = {
  version: 1,
  postgres: null,
  redis: null,
  gateway: { port: null, services: {} },
  releases: [],
  serving: null,
  tasks: [],
  processes: [],
};

function record(id: string): ReleaseRecord {
  return {
    recordVersion: 1,
    id,
    name: 'support-agent',
    action: 'deploy',
    origin: id,
    createdAt: '2026-01-01T00:00:00.000Z',
    by: { user: 'änn', host: 'laptop' },
    git: null,
    specHash: 'spec',
    digests: { api: 'sha256:00' },
    migrations: [],
    schema: { before: null, after: null },
    secrets: {},
    contentHash: id,
    outcome: 'released',
    manifest: null,
  };
}

function errorOf({
  lines,
}: CliRun): { readonly code: string; readonly message: string; readonly fix: string } | undefined {
  return lines.at(-1)?.['error'] as ReturnType<typeof errorOf>;
}

function nameIn({ name }: DamagedFile): string {
  return name.replaceAll('../', '');
}

/** Length of the first line: all of a file but a journal. */
function firstLine(bytes: Buffer): number {
  const end = bytes.indexOf('\n');
  return end === -1 ? bytes.length : end;
}

/** A line that is cut short but ended is damage; without its end it would be a write that a crash cut off. */
function withNewline(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.from('\n')]);
}

/** Content of every file below a directory. */
function snapshot(directory: string): Readonly<Record<string, string>> {
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' }).toSorted();
  return Object.fromEntries(
    paths.map((path) => {
      const full = join(directory, path);
      return [path, lstatSync(full).isDirectory() ? 'directory' : readFileSync(full, 'latin1')];
    }),
  );
}

/** Root may read everything: as root, somebody else does the work. */
async function asNobody<R>(directory: string, work: () => Promise<R>): Promise<R> {
  if (process.getuid?.() !== 0) return await work();
  const nobody = 65_534;
  for (const path of ['', ...readdirSync(directory, { recursive: true, encoding: 'utf8' })]) {
    if (existsSync(join(directory, path))) chownSync(join(directory, path), nobody, nobody);
  }
  process.seteuid?.(nobody);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
