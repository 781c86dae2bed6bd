import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../../support/cli-host.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const config = `name: support-agent
secrets: [API_KEY, OTHER_KEY]
services: { api: { command: [node, a.js] } }
clouds: { local: { process: { build: [[no-such-builder]] } } }
`;

test('doctor names every secret without a value and every program that cannot be found', async () => {
  const cwd = await temporaryDirectory();
  await writeFile(join(cwd, 'agentctl.yaml'), config);
  await runCli(['secrets', 'set', 'OTHER_KEY', '--cloud', 'local'], { cwd, stdin: 'a-secret-value' });

  const run = await runCli(['doctor', '--cloud', 'local'], { cwd });

  expect(run.exitCode).toBe(3);
  expect(run.stdout).toContain(
    '✗ secrets: no value is set for API_KEY\n    fix: agentctl secrets set API_KEY --cloud local\n',
  );
  expect(run.stdout).not.toContain('OTHER_KEY');
  expect(run.stdout).toContain('✗ commands: no-such-builder (clouds.local.process.build) is not on the PATH');
});

test('doctor is content with a project that can be deployed', async () => {
  const cwd = await temporaryDirectory();
  await writeFile(join(cwd, 'agentctl.yaml'), 'name: support-agent\nservices: { api: { command: [node, a.js] } }\n');

  const run = await runCli(['doctor', '--cloud', 'local'], { cwd });

  expect(run.exitCode).toBe(0);
  expect(run.stdout).toContain('✓ commands: node');
});
