import { expect, test } from 'vitest';
import { runImageTool } from '../../../../cli/tools/images/run-image-tool.js';
import { isGroupAlive } from '../../../../cli/tools/process/index.js';

const env = { PATH: process.env['PATH'] ?? '' };
const shell = (script: string) => ({ argv: ['sh', '-c', script] as const, env });
const never = new AbortController().signal;

test('a failing command is a result, with its lines', async () => {
  const end = await runImageTool(shell('echo out; echo err >&2; exit 3'), { signal: never });

  expect(end).toMatchObject({ succeeded: false, how: 'exit 3', stdout: 'out\n' });
  expect(end.lines.toSorted()).toEqual(['err', 'out']);
});

test('what is given as input is read, also by a command that does not wait for it', async () => {
  expect((await runImageTool(shell('cat'), { signal: never, input: 'secret' })).stdout).toBe('secret');
  expect((await runImageTool(shell('true'), { signal: never, input: 'x'.repeat(1e6) })).succeeded).toBe(true);
});

test('an interrupt ends the command and all it has started', async () => {
  const abort = new AbortController();
  let group = 0;
  const running = runImageTool(shell('sleep 600 & echo $$; wait'), {
    signal: abort.signal,
    onLine: (line) => {
      group = Number(line);
      abort.abort();
    },
  });

  await expect(running).rejects.toMatchObject({ code: 'Interrupted' });
  expect(isGroupAlive(group)).toBe(false);
});

test('after an interrupt nothing is started', async () => {
  await expect(runImageTool(shell('true'), { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'Interrupted',
  });
});

test('a program that is not there is named', async () => {
  await expect(runImageTool({ argv: ['no-such-docker'], env }, { signal: never })).rejects.toMatchObject({
    code: 'ToolMissing',
  });
});
