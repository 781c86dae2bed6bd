import { appendFile, chmod, cp, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runLoad } from '../../bench/load.js';
import { stateLayout } from '../../cli/supervisor/state-layout.js';
import { readSupervisorFile } from '../../cli/supervisor/supervisor-file.js';
import { killProcess } from '../support/kill-process.js';
import { type CliResult, lastLine, plainEnvironment, startCli } from '../support/local-cli.js';

let root = '';
let directory = '';
let url = '';

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'agentctl-quickstart-')));
  await chmod(root, 0o755);
  directory = join(root, 'agent');
  await cp(join(import.meta.dirname, '../../examples/quickstart'), directory, {
    recursive: true,
    filter: (path) => !/node_modules|\.agentctl/.test(path),
  });
});

afterAll(async () => {
  await agentctl('destroy', '--delete-data', '--yes');
  await rm(root, { recursive: true, force: true });
});

/** With the home directory of the machine: npm's cache is in it. */
async function agentctl(...args: string[]): Promise<CliResult> {
  return await startCli([...args, '--cloud', 'local', '-C', directory], {
    workingDirectory: root,
    environment: plainEnvironment(process.env['HOME'] ?? root),
  }).ended;
}

async function say(message: string): Promise<string> {
  const response = await fetch(`${url}/chat`, {
    method: 'POST',
    body: JSON.stringify({ conversationId: 'kept', message, paceMs: 0 }),
  });
  return await response.text();
}

async function conversation(): Promise<{ messages: readonly { role: string; content: string }[]; checksum: string }> {
  const response = await fetch(`${url}/conversations/kept`);
  return (await response.json()) as Awaited<ReturnType<typeof conversation>>;
}

// One story: an install of the agent's packages is the expensive part.
test('a conversation survives a redeploy under load and a killed supervisor', { timeout: 400_000 }, async () => {
  const first = await agentctl('deploy', '--yes');
  expect(first.exitCode, first.stderr).toBe(0);
  url = lastLine(first.stdout);
  expect(await (await fetch(`${url}/health`)).json()).toMatchObject({
    status: 'ok',
    database: { ok: true },
    release: 'r1',
  });
  expect(await say('hello')).toContain('event: done');
  const before = await conversation();

  await appendFile(join(directory, 'src/server.js'), '\n// changed\n');
  const stop = new AbortController();
  const load = runLoad({ url, clients: 50, streams: 10, seconds: 120, signal: stop.signal });
  const second = await agentctl('deploy', '--yes');
  stop.abort();
  const report = await load;
  expect(second.exitCode, second.stderr).toBe(0);
  expect(lastLine(second.stdout)).toBe(url);
  expect(report).toMatchObject({ failed: 0, cutStreams: 0, lost: 0, failures: [] });
  expect(report.requests).toBeGreaterThan(50);
  expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ release: 'r2' });
  expect(await conversation()).toEqual(before);

  const supervisor = readSupervisorFile(stateLayout(join(directory, '.agentctl/local/local')));
  killProcess(supervisor?.pid);
  const third = await agentctl('deploy', '--yes');
  expect(third.exitCode, third.stderr).toBe(0);
  expect(third.stderr).toContain('nothing to do');
  expect(lastLine(third.stdout)).toBe(url);
  expect(await conversation()).toEqual(before);
  expect(await say('and again')).toContain('event: done');
  expect((await conversation()).messages.length).toBeGreaterThan(before.messages.length);
});
