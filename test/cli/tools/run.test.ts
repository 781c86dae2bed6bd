import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { run } from '../../../cli/tools/run.js';

const never = new AbortController().signal;
const env = { PATH: process.env['PATH'] ?? '' };
const node = (script: string) => ({ argv: [process.execPath, '-e', script] as const, env });

test('returns what a command prints, and hands on every line as it comes', async () => {
  const lines: string[] = [];

  const output = await run(node('console.log("one"); console.error("two")'), {
    signal: never,
    onLine: (line) => lines.push(line),
  });

  expect(output).toBe('one');
  expect(lines.toSorted()).toEqual(['one', 'two']);
});

test('the child sees the environment it is given, and nothing else', async () => {
  process.env['AGENTCTL_TEST_LEAK'] = 'leak';
  onTestFinished(() => void delete process.env['AGENTCTL_TEST_LEAK']);

  const output = await run(
    { ...node('console.log(Object.keys(process.env).join())'), env: { ...env, GIVEN: 'x' } },
    { signal: never },
  );

  expect(
    output
      .split(',')
      .filter((name) => name !== '__CF_USER_TEXT_ENCODING')
      .toSorted(),
  ).toEqual(['GIVEN', 'PATH']);
});

test('a command is up before it has its input, and waits for it', async () => {
  const told = new EventEmitter<{ text: [string] }>();
  const input = once(told, 'text').then(([text]) => String(text));
  const script = 'console.log("up"); process.stdin.pipe(process.stdout)';

  const output = await run(
    { ...node(script), input },
    { signal: never, onLine: (line) => line === 'up' && told.emit('text', 'given') },
  );

  expect(output).toBe('up\ngiven');
});

test('a failing command is told with its last lines and exit code', async () => {
  const failing = run(node('for (let i = 0; i < 30; i++) console.log("line " + i); process.exit(3)'), {
    signal: never,
  });

  await expect(failing).rejects.toMatchObject({
    code: 'ToolFailed',
    detail: expect.stringMatching(/^line 10\n[^]*line 29$/) as string,
  });
  await expect(failing).rejects.toThrow('exited with code 3');
});

test('a command that is not there is told as a missing tool', async () => {
  await expect(run({ argv: ['agentctl-no-such-tool'], env }, { signal: never })).rejects.toMatchObject({
    code: 'ToolMissing',
  });
});

test('an abort interrupts the child once and waits until it has wound down', async () => {
  const abort = new AbortController();
  const lines: string[] = [];
  const script = `
    let interrupts = 0;
    process.on('SIGINT', () => {
      interrupts += 1;
      if (interrupts === 1) setTimeout(() => { console.log('interrupts ' + interrupts); process.exit(0); }, 300);
    });
    console.log('ready');
    setInterval(() => undefined, 1000);`;

  const running = run(node(script), { signal: abort.signal, onLine: (line) => lines.push(line) }).catch(
    () => undefined,
  );
  while (!lines.includes('ready')) await delay(10);
  abort.abort();
  await running;

  expect(lines).toEqual(['ready', 'interrupts 1']);
});
