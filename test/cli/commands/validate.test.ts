import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli } from '../../support/cli-host.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

interface Checked {
  readonly runtime?: string;
  readonly cloud?: string;
  /** A program on the PATH. */
  readonly program?: string;
  readonly queue?: string;
}

async function validate({ runtime = 'auto', cloud = 'local', program, queue = 'engine: redis' }: Checked) {
  const cwd = await temporaryDirectory();
  await writeFile(
    join(cwd, 'agentctl.yaml'),
    `name: support-agent
services: { api: { command: [node, a.js] } }
queue: { ${queue} }
clouds: { local: { runtime: ${runtime} }, kubernetes: { registry: ghcr.io/acme } }
`,
  );
  if (program !== undefined) {
    await writeFile(join(cwd, program), '');
    await chmod(join(cwd, program), 0o755);
  }
  return await runCli(['validate', '--cloud', cloud], { cwd, env: { PATH: cwd } });
}

describe('validate --cloud local, for an agent that needs Redis', () => {
  const warning = 'warning a deploy on this machine needs Redis';

  test('warns where there is none, and calls the file valid', async () => {
    const run = await validate({});

    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain('agentctl.yaml is valid');
    expect(run.stderr).toContain(warning);
  });

  test.each<[string, Checked]>([
    ['Redis is on the PATH', { program: 'redis-server' }],
    ['Valkey is on the PATH', { program: 'valkey-server' }],
    ['it runs elsewhere', { queue: 'external: "redis://queue.example.com:6379"' }],
    ['it runs in a container', { runtime: 'docker' }],
    ['another target is meant', { cloud: 'kubernetes' }],
  ])('says nothing when %s', async (_, checked) => {
    const run = await validate(checked);

    expect(run.exitCode, run.stderr).toBe(0);
    expect(run.stderr).not.toContain(warning);
  });
});
