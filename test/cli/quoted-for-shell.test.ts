import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { quotedForShell } from '../../cli/quoted-for-shell.js';
import { runCli } from '../support/cli-host.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const odd = ["my agent's $HOME", 'a;b', 'a&b', '`a`', '$(a)', '*', 'ä ö', '', '"', 'two\nlines'];

test.each(odd)('the shell reads "%s" as it was', (word) => {
  expect(execFileSync('sh', ['-c', `printf %s ${quotedForShell(word)}`], { encoding: 'utf8' })).toBe(word);
});

test.each(['examples/quickstart', '/srv/agent-1.2', 'a@b:c=d'])('%s stays as it is', (word) => {
  expect(quotedForShell(word)).toBe(word);
});

test('hints can be copied into a shell, whatever the directory is called', async () => {
  const cwd = await temporaryDirectory();
  const name = "my agent's";
  await mkdir(join(cwd, name));
  await writeFile(
    join(cwd, name, 'agentctl.yaml'),
    'name: support-agent\nservices: { api: { command: [node, a.js] } }\n',
  );

  const status = await runCli(['status', '--cloud', 'local', '-C', name], { cwd });
  const init = await runCli(['init', name, '--force'], { cwd });

  const shown = String.raw`-C 'my agent'\''s'`;
  expect(status.stdout).toContain(`(agentctl deploy --cloud local ${shown})`);
  expect(init.stdout).toContain(`agentctl validate ${shown}\n`);
});
