import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { redaction } from '../../cli/redact.js';
import { readSecretStore } from '../../cli/supervisor/secret-store.js';
import { allProcesses } from '../support/local-processes.js';
import { story } from '../support/local-project.js';
import { ask } from '../support/local-traffic.js';

/** Files below a directory that hold one of the texts. */
function filesWith(directory: string, texts: readonly string[]): readonly string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return filesWith(path, texts);
    if (!entry.isFile()) return [];
    const content = readFileSync(path, 'latin1');
    return texts.some((text) => content.includes(text)) ? [path] : [];
  });
}

/** Looks at every command line of the machine until it is stopped. */
function watchCommandLines(texts: readonly string[]): () => Promise<readonly string[]> {
  const found = new Set<string>();
  let isStopping = false;
  const watching = (async () => {
    while (!isStopping) {
      for (const { commandLine } of allProcesses()) {
        if (texts.some((text) => commandLine.includes(text))) found.add(commandLine);
      }
      await sleep(30);
    }
  })();
  return async () => {
    isStopping = true;
    await watching;
    return [...found];
  };
}

describe.concurrent('a secret', () => {
  // Quotes and a backslash: the forms a value takes inside JSON must be masked as well.
  const canary = `canary-${randomBytes(12).toString('hex')}"\\end`;
  const second = `canary-${randomBytes(12).toString('hex')}`;
  const core = canary.slice(0, 31);

  const told = story(async (open) => {
    const project = await open({
      config: { secrets: ['API_TOKEN'], postgres: true, migration: true, build: true },
      variant: { version: 'v1', mode: 'tells-secrets' },
    });
    const stop = watchCommandLines([core, second]);
    const missing = await project.agentctl(['deploy', '--yes']);
    const afterMissing = project.processes();
    const [empty, unknown] = await Promise.all([
      project.agentctl(['secrets', 'set', 'API_TOKEN'], { input: '\n' }),
      project.agentctl(['secrets', 'set', 'API_TOKN'], { input: canary }),
    ]);
    const set = await project.agentctl(['secrets', 'set', 'API_TOKEN'], { input: `${canary}\n` });
    const [list, plan] = await Promise.all([
      project.agentctl(['secrets', 'list']),
      project.agentctl(['deploy', '--plan-only', '-o', 'plan.json']),
    ]);
    const deploy = await project.agentctl(['deploy', '--yes']);
    const url = deploy.stdout.trim();
    const { body: digest } = await ask(`${url}/digest?name=API_TOKEN`);
    const [logs, logsJson, status] = await Promise.all([
      project.agentctl(['logs']),
      project.agentctl(['logs', '--json']),
      project.agentctl(['status', '--json']),
    ]);
    await project.become({ version: 'v2', mode: 'tells-and-crashes' });
    const broken = await project.agentctl(['deploy', '--yes', '--json']);
    await project.agentctl(['secrets', 'set', 'API_TOKEN'], { input: second });
    await project.become({ version: 'v3', mode: 'tells-secrets' });
    const rotated = await project.agentctl(['deploy', '--yes']);
    const { body: newDigest } = await ask(`${url}/digest?name=API_TOKEN`);
    const { generated } = readSecretStore(project.stateDirectory);
    const values = [core, second, ...Object.values(generated)];
    const outputs = [missing, empty, unknown, set, list, plan, deploy, logs, logsJson, status, broken, rotated];
    return {
      missing,
      afterMissing,
      empty,
      unknown,
      set,
      list,
      deploy,
      digest,
      logs,
      broken,
      rotated,
      newDigest,
      leaks: outputs.flatMap(({ stdout, stderr }) =>
        values.filter((value) => stdout.includes(value) || stderr.includes(value)),
      ),
      files: filesWith(project.root, values).map((file) => file.slice(project.stateDirectory.length + 1)),
      mode: statSync(join(project.stateDirectory, 'secrets.json')).mode & 0o777,
      commandLines: await stop(),
      directory: project.directory,
    };
  });

  const digestOf = (value: string) => createHash('sha256').update(value).digest('hex');

  test('that has no value keeps a deploy from starting', () => {
    expect(told().missing).toMatchObject({ exitCode: 3, stdout: '' });
    expect(told().afterMissing).toEqual([]);
  });

  test('that has no value is named with the command that sets it, for this project', () => {
    const { missing, directory } = told();

    expect(missing.stderr).toContain('error no value is set for API_TOKEN [SecretMissing]');
    expect(missing.stderr).toMatch(/fix: agentctl secrets set API_TOKEN --cloud local/);
    expect(missing.stderr).toContain(`-C ${directory}`);
  });

  test('is set through stdin', () => {
    expect(told().set).toMatchObject({ exitCode: 0 });
    expect(told().list.stdout).toMatch(/^API_TOKEN +set$/m);
  });

  test('cannot be empty', () => {
    expect(told().empty).toMatchObject({ exitCode: 2 });
  });

  test('has to be declared first', () => {
    expect(told().unknown).toMatchObject({ exitCode: 2 });
    expect(told().unknown.stderr).toContain('"API_TOKN" is not a secret of this agent');
  });

  test('reaches the process, byte for byte', () => {
    expect(told().deploy).toMatchObject({ exitCode: 0 });
    expect(told().digest).toBe(digestOf(canary));
  });

  test('makes a new release when its value changes', () => {
    expect(told().rotated).toMatchObject({ exitCode: 0 });
    expect(told().newDigest).toBe(digestOf(second));
  });

  test('is masked where the agent prints it', () => {
    expect(told().deploy.stderr).toContain(`migration token ${redaction}`);
    expect(told().logs.stdout).toContain(`API_TOKEN=${redaction}`);
  });

  test('is in no output of any command, nor is a password that was made up', () => {
    expect(told().broken).toMatchObject({ exitCode: 9 });
    expect(told().leaks).toEqual([]);
  });

  test('is in no file but the secret store: not in logs, journals, plans or the ledger', () => {
    expect(told().files).toEqual(['secrets.json']);
  });

  test('is in a file that only we can read', () => {
    expect(told().mode).toBe(0o600);
  });

  test('is in no command line', () => {
    expect(told().commandLines).toEqual([]);
  });
});
