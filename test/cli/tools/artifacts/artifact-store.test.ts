import { chmod, lstat, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { artifactStore } from '../../../../cli/tools/artifacts/artifact-store.js';
import { contextFiles } from '../../../../cli/tools/artifacts/context-files.js';
import { identityOf } from '../../../../cli/tools/process/index.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const env = { PATH: process.env['PATH'] ?? '' };

async function project(files: Readonly<Record<string, string>>) {
  const root = await temporaryDirectory();
  const context = join(root, 'project');
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(context, path, '..'), { recursive: true });
    await writeFile(join(context, path), text);
  }
  const store = artifactStore(join(root, 'artifacts'), [join(context, 'agentctl.yaml')]);
  const lines: string[] = [];
  const build = async (commands: string[][] = [], signal = new AbortController().signal) => {
    const recipe = { build: commands };
    const digest = await store.digestOf(context, recipe);
    const log = (line: string): void => void lines.push(line);
    return { digest, ...(await store.build({ context, recipe, digest, env, signal, log })) };
  };
  return { root, context, store, build, lines };
}

const paths = async (context: string): Promise<readonly string[]> =>
  (await contextFiles(context, [])).map(({ path }) => path);

describe('what belongs to a context', () => {
  test('everything but state, history, installed packages and secrets, when there is no .dockerignore', async () => {
    const { context } = await project({
      'app.js': '',
      'lib/a.js': '',
      '.env': 'KEY=x',
      'lib/.env.local': 'KEY=x',
      'node_modules/x/index.js': '',
      'lib/node_modules/y.js': '',
      '.agentctl/local/secrets.json': '',
      '.git/HEAD': '',
    });

    expect(await paths(context)).toEqual(['app.js', 'lib/a.js']);
  });

  test('what .dockerignore lets through, exceptions included, and never our own state', async () => {
    const { context } = await project({
      '.dockerignore': '# notes\nlib\n!lib/keep.js\n*.log\n!.agentctl\n',
      'app.js': '',
      'a.log': '',
      'lib/drop.js': '',
      'lib/keep.js': '',
      '.agentctl/x': '',
    });

    expect(await paths(context)).toEqual(['.dockerignore', 'app.js', 'lib/keep.js']);
  });
});

describe('the digest', () => {
  const recipe = { build: [['npm', 'ci']] };

  test('is the same for the same files, wherever they are', async () => {
    const [one, two] = [await project({ 'a.js': 'x' }), await project({ 'a.js': 'x' })];

    expect(await one.store.digestOf(one.context, recipe)).toBe(await two.store.digestOf(two.context, recipe));
  });

  test.each([
    ['a content', async (context: string) => await writeFile(join(context, 'a.js'), 'y')],
    ['a name', async (context: string) => await writeFile(join(context, 'b.js'), '')],
    ['a mode', async (context: string) => await chmod(join(context, 'a.js'), 0o755)],
    ['a link', async (context: string) => await symlink('a.js', join(context, 'c.js'))],
  ])('changes with %s', async (_, change) => {
    const { store, context } = await project({ 'a.js': 'x' });
    const before = await store.digestOf(context, recipe);

    await change(context);

    expect(await store.digestOf(context, recipe)).not.toBe(before);
  });

  test('changes with the build commands', async () => {
    const { store, context } = await project({ 'a.js': 'x' });

    expect(await store.digestOf(context, { build: [] })).not.toBe(await store.digestOf(context, recipe));
  });

  test('does not change with the config file', async () => {
    const { store, context } = await project({ 'a.js': 'x', 'agentctl.yaml': 'name: a' });
    const before = await store.digestOf(context, recipe);

    await writeFile(join(context, 'agentctl.yaml'), 'name: b');

    expect(await store.digestOf(context, recipe)).toBe(before);
  });
});

describe('a build', () => {
  test('copies modes and links, and runs the commands in the copy', async () => {
    const { context, build, lines } = await project({ 'run.sh': '#!/bin/sh\n', 'lib/a.js': 'x' });
    await chmod(join(context, 'run.sh'), 0o755);
    await symlink('lib/a.js', join(context, 'link.js'));

    const { directory, reused } = await build([
      [process.execPath, '-e', 'console.log("hi"); fs.writeFileSync("made", process.cwd())'],
    ]);

    expect(reused).toBe(false);
    expect((await stat(join(directory, 'run.sh'))).mode & 0o111).not.toBe(0);
    expect((await lstat(join(directory, 'link.js'))).isSymbolicLink()).toBe(true);
    expect(await readFile(join(directory, 'made'), 'utf8')).toBe(directory);
    expect(lines).toContain('hi');
    await expect(stat(join(context, 'made'))).rejects.toThrow('ENOENT');
  });

  test('is not done twice', async () => {
    const { build, context } = await project({ 'a.js': 'x' });
    const command = [
      [process.execPath, '-e', `fs.appendFileSync(${JSON.stringify(join(context, '..', 'count'))}, 'x')`],
    ];
    await build(command);

    expect((await build(command)).reused).toBe(true);
    expect(await readFile(join(context, '..', 'count'), 'utf8')).toBe('x');
  });

  test('that fails is told with its last lines, and does not count as done', async () => {
    const { build, store, context } = await project({ 'a.js': 'x' });
    const command = [[process.execPath, '-e', 'console.error("no such module"); process.exit(1)']];

    await expect(build(command)).rejects.toMatchObject({ code: 'BuildFailed', detail: '  | no such module' });
    expect(await store.has(await store.digestOf(context, { build: command }))).toBe(false);
  });

  test('with a command that is not there says so', async () => {
    const { build } = await project({ 'a.js': 'x' });

    await expect(build([['agentctl-no-such-tool']])).rejects.toMatchObject({ code: 'BuildFailed' });
  });

  test('of a context that has changed since the plan is refused', async () => {
    const { store, context } = await project({ 'a.js': 'x' });
    const recipe = { build: [] };
    const digest = await store.digestOf(context, recipe);
    await writeFile(join(context, 'a.js'), 'y');

    const late = store.build({
      context,
      recipe,
      digest,
      env,
      signal: new AbortController().signal,
      log: () => undefined,
    });

    await expect(late).rejects.toMatchObject({ code: 'PlanStale' });
  });

  test('that was interrupted leaves no process, and the next one starts clean', async () => {
    const { build, context, root } = await project({ 'a.js': 'x' });
    const pidFile = join(root, 'pid');
    const script = `fs.writeFileSync("half", ""); fs.writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); setInterval(() => 0, 1000)`;
    const abort = new AbortController();

    const running = build([[process.execPath, '-e', script]], abort.signal);
    const pid = Number(await eventually(async () => await readFile(pidFile, 'utf8')));
    abort.abort();

    await expect(running).rejects.toMatchObject({ code: 'Interrupted' });
    expect(identityOf(pid)).toBeUndefined();
    expect(await readdir(context)).toEqual(['a.js']);
  });

  test('whose agentctl was killed is ended before the next one', async () => {
    const { build, store, context, root } = await project({ 'a.js': 'x' });
    const pidFile = join(root, 'pid');
    const flag = join(root, 'second');
    const script = `if (fs.existsSync(${JSON.stringify(flag)})) process.exit(0); fs.writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); setInterval(() => 0, 1000)`;
    const command = [[process.execPath, '-e', script]];
    void build(command).catch(() => undefined);
    const pid = Number(await eventually(async () => await readFile(pidFile, 'utf8')));
    await eventually(
      async () => await stat(`${store.directoryOf(await store.digestOf(context, { build: command }))}.building`),
    );
    await writeFile(flag, '');

    await build(command);

    expect(identityOf(pid)).toBeUndefined();
  });

  test('whose agentctl was killed leaves nothing when the next one is of something else', async () => {
    const { build, store, context, root } = await project({ 'a.js': 'x' });
    const pidFile = join(root, 'pid');
    const script = `fs.writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); setInterval(() => 0, 1000)`;
    const command = [[process.execPath, '-e', script]];
    void build(command).catch(() => undefined);
    const pid = Number(await eventually(async () => await readFile(pidFile, 'utf8')));
    const killed = store.directoryOf(await store.digestOf(context, { build: command }));
    await eventually(async () => await stat(`${killed}.building`));

    const { directory } = await build();

    expect(identityOf(pid)).toBeUndefined();
    expect((await readdir(join(root, 'artifacts'))).map((name) => join(root, 'artifacts', name)).toSorted()).toEqual([
      directory,
      `${directory}.complete`,
    ]);
  });
});

test('removing an artifact leaves nothing of it', async () => {
  const { store, build, root } = await project({ 'a.js': 'x' });
  const { digest } = await build();

  await store.remove(digest);

  expect(await readdir(join(root, 'artifacts'))).toEqual([]);
  await rm(root, { recursive: true });
});

async function eventually<R>(look: () => Promise<R>): Promise<R> {
  for (let tries = 0; ; tries++) {
    try {
      const found = await look();
      if (found !== '') return found;
    } catch (error) {
      if (tries > 500) throw error;
    }
    await delay(10);
  }
}
