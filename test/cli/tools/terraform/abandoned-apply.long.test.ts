import { execa } from 'execa';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from '../../../support/eventually.js';
import { killProcess } from '../../../support/kill-process.js';
import { hasTerraform, openDataStage } from './terraform-on-data.js';

/** Runs until it is let go by a file, or by Terraform. */
const waitingFor = (up: string, go: string) => ({
  'local-exec': { command: `touch ${up}; while [ ! -e ${go} ]; do sleep 0.05; done` },
});

test.skipIf(!hasTerraform)(
  'an apply goes on when we are killed, and the next run waits for it and finds all of it',
  async () => {
    const stage = await openDataStage();
    const [up, go] = [join(stage.root, 'up'), join(stage.root, 'go')];
    const stack = await stage.stack({
      resource: {
        terraform_data: {
          Postgres: { input: 'a', provisioner: [waitingFor(up, go)] },
          Service: { input: '${terraform_data.Postgres.id}' },
        },
      },
    });
    const given = { environment: stage.environment, directory: stage.directory, configuration: stack.configuration };
    const killed = execa(
      'node',
      ['--import', 'tsx', join(import.meta.dirname, 'abandoned-apply.ts'), JSON.stringify(given)],
      {
        reject: false,
      },
    );
    await eventually(() => existsSync(up));
    killProcess(killed.pid);
    await killed;

    const next = stage.terraform.deploy({ stack, ...stage.run() });
    await eventually(() => stage.log.some((line) => line.startsWith('waits for an apply of foundation')));
    expect(stage.server.lock('foundation')).toMatchObject({ Operation: 'OperationTypeApply' });
    await writeFile(go, '');

    await expect(next).resolves.toEqual({ changed: false, outputs: {} });
    expect(stage.log.filter((line) => line.includes('created'))).toHaveLength(2);
    expect(stage.server.lock('foundation')).toBeUndefined();
    expect(existsSync(join(stage.directory, 'foundation', 'apply.json'))).toBe(false);
  },
);

test.skipIf(!hasTerraform)('a Terraform that was killed leaves its lock, which the next run frees', async () => {
  const stage = await openDataStage();
  const [up, go] = [join(stage.root, 'up'), join(stage.root, 'go')];
  const stack = await stage.stack({
    resource: { terraform_data: { Service: { input: 'a', provisioner: [waitingFor(up, go)] } } },
  });

  const deploy = stage.terraform.deploy({ stack, ...stage.run() });
  const ended = expect(deploy).rejects.toMatchObject({
    code: 'StepFailed',
    message: 'Terraform was ended by SIGKILL while stack foundation was deployed',
  });
  await Promise.race([eventually(() => existsSync(up)), ended]);
  const marker = JSON.parse(await readFile(join(stage.directory, 'foundation', 'apply.json'), 'utf8')) as {
    pid: number;
  };
  killProcess(marker.pid);
  await ended;
  await writeFile(go, '');
  expect(stage.server.lock('foundation')).toMatchObject({ Operation: 'OperationTypeApply' });

  await expect(stage.terraform.deploy({ stack, ...stage.run() })).resolves.toMatchObject({ changed: true });

  expect(stage.log).toContainEqual(expect.stringMatching(/^frees the lock of an apply of ours that was killed \(/));
  expect(stage.server.lock('foundation')).toBeUndefined();
});

test.skipIf(!hasTerraform)('a state that could not be written is kept, and written by the next run', async () => {
  const stage = await openDataStage();
  const [up, go] = [join(stage.root, 'up'), join(stage.root, 'go')];
  const stack = await stage.stack({
    resource: { terraform_data: { Service: { input: 'a', provisioner: [waitingFor(up, go)] } } },
  });
  const errored = join(stage.directory, 'foundation', 'errored.tfstate');

  const deploy = stage.terraform.deploy({ stack, ...stage.run() });
  const ended = expect(deploy).rejects.toMatchObject({
    code: 'StepFailed',
    message: 'stack foundation was changed, and its state could not be written',
    fix: expect.stringContaining(errored) as string,
    data: { done: ['terraform_data.Service'] },
  });
  await Promise.race([eventually(() => existsSync(up)), ended]);
  stage.server.readOnly = true;
  await writeFile(go, '');
  await ended;
  expect(existsSync(errored)).toBe(true);
  stage.server.readOnly = false;

  await expect(stage.terraform.deploy({ stack, ...stage.run() })).resolves.toMatchObject({ changed: false });

  expect(existsSync(errored)).toBe(false);
  expect(stage.server.state('foundation')).toContain('terraform_data');
  expect(stage.server.lock('foundation')).toBeUndefined();
});
