import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AssemblyStore } from '../../../../cli/tools/synth/assembly-store.js';

let root: string;
let directory: string;
let store: AssemblyStore;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'agentctl-assemblies-'));
  directory = join(root, 'work');
  store = new AssemblyStore(directory);
});
afterEach(async () => await rm(root, { recursive: true, force: true }));

const text = (content: string) => async (draft: string) => await writeFile(join(draft, 'app.template.json'), content);

test('an assembly is there when it is whole, under its name', async () => {
  expect(await store.find('a-1')).toBeUndefined();
  const made = await store.make('a-1', async (draft) => {
    expect(await store.find('a-1')).toBeUndefined();
    await text('one')(draft);
  });

  expect(await store.find('a-1')).toBe(made);
  expect(await readFile(join(made, 'app.template.json'), 'utf8')).toBe('one');
  expect(await readdir(directory)).toEqual(['a-1']);
});

test.each([
  ['a changed file', async (at: string) => await writeFile(join(at, 'app.template.json'), '{}')],
  ['a missing file', async (at: string) => await rm(join(at, 'app.template.json'))],
  ['a missing index', async (at: string) => await rm(join(at, 'agentctl-assembly.json'))],
  ['an index cut short', async (at: string) => await writeFile(join(at, 'agentctl-assembly.json'), '{"app.')],
])('%s: there is no such assembly, and it can be made again', async (_, damage) => {
  await damage(await store.make('a-1', text('one')));

  expect(await store.find('a-1')).toBeUndefined();
  expect(await store.findNewest('a-')).toBeUndefined();
  await store.make('a-1', text('again'));
  expect(await readFile(join((await store.find('a-1')) ?? '', 'app.template.json'), 'utf8')).toBe('again');
});

test('a file that a reader adds, as the toolkit does its lock, is no damage', async () => {
  const made = await store.make('a-1', text('one'));
  await writeFile(join(made, 'read.1.1.lock'), '');

  expect(await store.find('a-1')).toBe(made);
});

test('the newest of a group is found, which a damaged one is not', async () => {
  const [old, newer, other] = [
    await store.make('a-1', text('1')),
    await store.make('a-2', text('2')),
    await store.make('b-1', text('3')),
  ];
  for (const [at, seconds] of [
    [old, 1],
    [newer, 2],
    [other, 3],
  ] as const)
    await utimes(at, seconds, seconds);

  expect(await store.findNewest('a-')).toBe(newer);
  await rm(join(newer, 'app.template.json'));
  expect(await store.findNewest('a-')).toBe(old);
  expect(await store.findNewest('c-')).toBeUndefined();
});

test('whoever makes the same beside another uses what that one has made', async () => {
  const made = await store.make('a-1', async (draft) => {
    await store.make('a-1', text('of the other'));
    await text('of this one')(draft);
  });

  expect(await readFile(join(made, 'app.template.json'), 'utf8')).toBe('of the other');
  expect(await readdir(directory)).toEqual(['a-1']);
});

test('what fails leaves nothing', async () => {
  await expect(store.make('a-1', async () => await Promise.reject(new Error('no')))).rejects.toThrow('no');

  expect(await readdir(directory)).toEqual([]);
});

test('the few that were used last are kept, and drafts of killed processes are not', async () => {
  const first = await store.make('a-0', text('0'));
  const [killed, current] = [join(directory, 'draft-killed'), join(directory, 'draft-current')];
  for (const draft of [killed, current]) await writeFile(draft, '');
  await utimes(killed, 1, 1);
  for (let index = 1; index <= 7; index++) {
    const at = await store.make(`a-${index}`, text(`${index}`));
    await utimes(at, index, index);
  }
  await utimes(first, 1, 1);
  await store.find('a-0');
  await store.make('a-8', text('8'));

  expect((await readdir(directory)).toSorted()).toEqual([
    'a-0',
    'a-2',
    'a-3',
    'a-4',
    'a-5',
    'a-6',
    'a-7',
    'a-8',
    'draft-current',
  ]);
});
