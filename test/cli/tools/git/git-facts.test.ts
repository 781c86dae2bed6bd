import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gitFacts } from '../../../../cli/tools/git/git-facts.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const env = { PATH: process.env['PATH'] ?? '', HOME: '/nonexistent' };
const never = new AbortController().signal;

test('outside a checkout there is nothing to say', async () => {
  expect(await gitFacts(await temporaryDirectory(), env, never)).toBeUndefined();
});

test('without git there is nothing to say', async () => {
  expect(await gitFacts(await temporaryDirectory(), { PATH: '/nonexistent' }, never)).toBeUndefined();
});

test('the commit, and whether something was changed since', async () => {
  const directory = await temporaryDirectory();
  const git = (...args: string[]) => execFileSync('git', args, { cwd: directory, env, encoding: 'utf8' }).trim();
  git('init', '--quiet');
  await writeFile(join(directory, 'a'), '');
  git('add', '.');
  git('-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', 'commit', '--quiet', '-m', 'first');
  const clean = await gitFacts(directory, env, never);
  await writeFile(join(directory, 'a'), 'changed');

  expect(clean).toEqual({ sha: git('rev-parse', 'HEAD'), dirty: false });
  expect(await gitFacts(directory, env, never)).toEqual({ ...clean, dirty: true });
});
