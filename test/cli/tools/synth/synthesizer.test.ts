import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AssemblyRequest, synthesizer } from '../../../../cli/tools/synth/index.js';

const never = new AbortController().signal;
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'agentctl-synth-'));
});
afterEach(async () => await rm(directory, { recursive: true, force: true }));

/** A program that notes each of its runs and writes its request as the template of a stack. */
async function program(version = 1, name = 'program.cjs'): Promise<readonly [string, string]> {
  const file = join(directory, name);
  await writeFile(
    file,
    `// ${version}
    const { appendFileSync, readFileSync, writeFileSync } = require('node:fs');
    const { outdir, ...request } = JSON.parse(readFileSync(0, 'utf8'));
    appendFileSync(${JSON.stringify(join(directory, 'runs'))}, 'run\\n');
    if (request.release === 'broken') { console.error('no such thing'); process.exit(1); }
    writeFileSync(outdir + '/app.template.json', JSON.stringify(request));`,
  );
  return [process.execPath, file];
}

async function runs(): Promise<number> {
  return (await readFile(join(directory, 'runs'), 'utf8').catch(() => '')).split('\n').length - 1;
}

const work = (): string => join(directory, 'work');
const opened = async (argv?: readonly [string, string]) =>
  synthesizer({ environment: process.env, workDirectory: work(), argv: argv ?? (await program()) });
const request = (release: string): AssemblyRequest & { readonly release: string } => ({
  spec: { name: 'app' },
  stage: 'production',
  release,
});

test('the same request is synthesized once, also side by side and by a later command', async () => {
  const first = await opened();
  const [one, other] = await Promise.all([first.assembly(request('r1'), never), first.assembly(request('r1'), never)]);
  await first.dispose();
  const later = await (await opened()).assembly(request('r1'), never);

  expect(await later.template('app')).toEqual(request('r1'));
  expect(await later.template('service')).toBeUndefined();
  expect([one.directory, other.directory]).toEqual([later.directory, later.directory]);
  expect(await runs()).toBe(1);
});

test('another request, and another version of the program, are synthesized anew', async () => {
  await (await opened()).assembly(request('r1'), never);
  await (await opened()).assembly(request('r2'), never);
  await (await opened(await program(2))).assembly(request('r2'), never);

  expect(await runs()).toBe(3);
});

test('what every release has in common is taken of any, never of another spec or stage', async () => {
  const synth = await opened();
  await synth.assembly(request('r1'), never);

  expect(await (await synth.anyAssembly(request('r2'), never)).template('app')).toEqual(request('r1'));
  expect(await runs()).toBe(1);

  const staging = { ...request('r2'), stage: 'staging' };
  expect(await (await synth.anyAssembly(staging, never)).template('app')).toEqual(staging);
  const grown = { ...request('r2'), spec: { name: 'app', domain: 'example.com' } };
  expect(await (await synth.anyAssembly(grown, never)).template('app')).toEqual(grown);
  expect(await runs()).toBe(3);
});

test('what fails leaves nothing, says why, and is tried again', async () => {
  const synth = await opened();
  for (const _ of [1, 2])
    await expect(synth.assembly(request('broken'), never)).rejects.toMatchObject({
      code: 'BuildFailed',
      detail: expect.stringContaining('no such thing') as string,
    });

  expect(await readdir(work())).toEqual([]);
  expect(await runs()).toBe(2);
});

test('what comes of a source, which has no version, is of one process', async () => {
  const source = await program(1, 'program.mjs');
  await writeFile(
    source[1],
    (await readFile(source[1], 'utf8')).replace(/const (.*) = require\('node:fs'\)/, `import $1 from 'node:fs'`),
  );
  const synth = await opened(source);
  await synth.assembly(request('r1'), never);
  await synth.assembly(request('r1'), never);
  await synth.dispose();

  expect(await readdir(work())).toEqual([]);
  await (await opened(source)).assembly(request('r1'), never);
  expect(await runs()).toBe(2);
});
