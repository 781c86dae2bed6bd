import { execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

/** Conventional number of `nobody`; needs no entry in /etc/passwd for what is tested here. */
const nobody = 65_534;

const canBecomeNobody = userInfo().uid === 0 && hasSetpriv();
if (!canBecomeNobody) {
  process.stderr.write('SKIPPED: the test of a normal user needs root and setpriv (apt-get install util-linux)\n');
}

test.runIf(canBecomeNobody)(
  'a normal user has database and state in its own project, and needs nobody else',
  ({ onTestFinished }) => {
    const root = mkdtempSync(join(tmpdir(), 'agentctl-nobody-'));
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    chownSync(root, nobody, nobody);
    const stateDirectory = join(root, '.agentctl', 'local', 'dev');
    const module = (name: string): string =>
      JSON.stringify(new URL(`../../../cli/supervisor/${name}.ts`, import.meta.url).href);
    const script = `
    const { startSupervisor } = await import(${module('start-supervisor')});
    const { createSupervisorClient } = await import(${module('client')});
    const { supervisor } = await startSupervisor({ stateDirectory: ${JSON.stringify(stateDirectory)}, environment: process.env, write: () => {} });
    const client = createSupervisorClient(supervisor.socketPath);
    const status = await client.putPostgres({ database: 'agent_state', user: 'agent', extensions: [] });
    await client.shutdown();
    console.log(JSON.stringify({ ...status, socketPath: supervisor.socketPath }));`;
    const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
    const setpriv = [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--'];

    const output = execFileSync(
      'setpriv',
      [...setpriv, process.execPath, '--import', tsx, '--input-type=module', '-e', script],
      {
        env: { PATH: process.env['PATH'], HOME: root, TMPDIR: root, XDG_RUNTIME_DIR: root },
        encoding: 'utf8',
        cwd: root,
      },
    );

    const status = JSON.parse(output);
    expect(status).toMatchObject({ state: 'running', dataDirectory: join(stateDirectory, 'postgres', 'data') });
    expect(status.socketPath).toMatch(new RegExp(`^${root}/agentctl/[0-9a-f]{16}\\.sock$`));
    expect(readFileSync(join(status.dataDirectory, 'PG_VERSION'), 'utf8')).toBe('17\n');
    expect(statSync(status.dataDirectory).uid).toBe(nobody);
  },
);

function hasSetpriv(): boolean {
  try {
    execFileSync('setpriv', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
