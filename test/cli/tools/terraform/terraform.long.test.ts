import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from '../../../support/eventually.js';
import { everyFile, hasTerraform, openDataStage } from './terraform-on-data.js';

if (!hasTerraform) console.info('skipped without terraform on the PATH: test/cli/tools/terraform');

const canary = 'canary-Pq7Wz3Nf9Kd2';

/** Runs until it is let go by a file, or by Terraform. */
const waitingFor = (up: string, go: string) => ({
  'local-exec': { command: `touch ${up}; while [ ! -e ${go} ]; do sleep 0.05; done` },
});

test.skipIf(!hasTerraform)(
  'a deploy tells what it makes, yields outputs, and the next one has nothing to do',
  async () => {
    const stage = await openDataStage();
    const stack = await stage.stack(
      {
        variable: { postgres_password: { type: 'string', ephemeral: true } },
        locals: { length: '${length(var.postgres_password)}' },
        resource: {
          terraform_data: { Network: { input: 'a' }, Postgres: { input: '${terraform_data.Network.id}' } },
        },
        output: { Url: { value: '${terraform_data.Network.output}' } },
      },
      { postgres_password: canary },
    );

    const planned = await stage.terraform.changes(stack, stage.run());
    const first = await stage.terraform.deploy({ stack, ...stage.run() });
    const second = await stage.terraform.deploy({ stack, ...stage.run() });

    expect(planned.created.map(({ address }) => address)).toEqual([
      'terraform_data.Network',
      'terraform_data.Postgres',
    ]);
    expect(stage.log.map((line) => line.replace(/ after \d+ s$/, ''))).toEqual([
      '1/2 terraform_data.Network: created',
      '2/2 terraform_data.Postgres: created',
    ]);
    expect([first, second]).toEqual([
      { changed: true, outputs: { Url: 'a' } },
      { changed: false, outputs: { Url: 'a' } },
    ]);
    expect(await stage.terraform.resources(stack, stage.run())).toEqual([
      'terraform_data.Network',
      'terraform_data.Postgres',
    ]);
    const written = [...everyFile(stage.root).values(), ...stage.server.received];
    expect(written.length).toBeGreaterThan(5);
    expect(written.filter((text) => text.includes(canary))).toEqual([]);
    expect([...everyFile(stage.directory).keys()].filter((path) => path.endsWith('.bin'))).toEqual([]);
  },
);

test.skipIf(!hasTerraform)('what holds data is not replaced, unless it is named', async () => {
  const stage = await openDataStage();
  const of = (mark: string) => stage.stack({ resource: { terraform_data: { Postgres: { triggers_replace: mark } } } });
  await stage.terraform.deploy({ stack: await of('a'), ...stage.run() });
  const stack = await of('b');
  const before = stage.server.state('foundation');

  await expect(stage.terraform.deploy({ stack, allowWidening: true, ...stage.run() })).rejects.toMatchObject({
    code: 'Refused',
    message: 'stack foundation would replace terraform_data.Postgres, and its data',
    fix: expect.stringContaining('--allow-replace terraform_data.Postgres') as string,
    detail: 'terraform_data.Postgres: triggers_replace',
  });
  expect(stage.server.state('foundation')).toBe(before);

  const allowed = { allowWidening: true, allowReplace: ['terraform_data.Postgres'] };
  await expect(stage.terraform.deploy({ stack, ...allowed, ...stage.run() })).resolves.toMatchObject({ changed: true });
  expect(stage.log.at(-1)).toMatch(/^1\/1 terraform_data.Postgres: created/);
});

test.skipIf(!hasTerraform)(
  'a state that somebody else works on is left alone, and told with who and since when',
  async () => {
    const stage = await openDataStage();
    const stack = await stage.stack({ resource: { terraform_data: { Network: { input: 'a' } } } });
    const lock = {
      ID: 'b1946ac9-2d6f-4d5e-8a1f-0a7e3a5f6c11',
      Operation: 'OperationTypeApply',
      Info: '',
      Who: 'ada@ci-7',
      Version: '1.11.4',
      Created: '2026-03-04T05:06:07.891Z',
      Path: 'gs://states/foundation/default.tflock',
    };
    stage.server.takeLock('foundation', lock);
    const said = {
      code: 'Locked',
      message: 'the state of foundation is locked by an apply of ada@ci-7 since 2026-03-04T05:06:07.891Z',
      data: { who: 'ada@ci-7', operation: 'OperationTypeApply' },
    };

    // Before there is a state, Terraform needs the lock to prepare, and cannot free it either.
    await expect(stage.terraform.deploy({ stack, ...stage.run() })).rejects.toMatchObject({
      ...said,
      fix: 'wait until it has ended. If nothing of it runs any more: gcloud storage rm gs://states/foundation/default.tflock',
    });
    stage.server.freeLock('foundation');
    await stage.terraform.deploy({ stack, ...stage.run() });

    // From then on the lock is met when the plan is applied, and looking needs none.
    const id = stage.server.takeLock('foundation', lock);
    const other = await stage.stack({ resource: { terraform_data: { Network: { input: 'b' } } } });
    await expect(stage.terraform.changes(other, stage.run())).resolves.toMatchObject({
      changed: [{ address: 'terraform_data.Network', attributes: ['input', 'output'] }],
    });
    await expect(stage.terraform.deploy({ stack: other, ...stage.run() })).rejects.toMatchObject({
      ...said,
      fix: `wait until it has ended. If nothing of it runs any more: terraform -chdir=${join(stage.directory, 'foundation')} force-unlock -force ${id}`,
    });
    expect(stage.server.lock('foundation')).toMatchObject({ Who: 'ada@ci-7' });
    expect(existsSync(join(stage.directory, 'foundation', 'apply.json'))).toBe(false);

    await stage.terraform.unlock(stack, id, stage.run());
    await expect(stage.terraform.deploy({ stack: other, ...stage.run() })).resolves.toMatchObject({ changed: true });
  },
);

test.skipIf(!hasTerraform).each(['before', 'after'] as const)(
  'a lock that an apply could not free is freed, when its connection is lost %s that',
  async (when) => {
    const stage = await openDataStage();
    const stack = await stage.stack({ resource: { terraform_data: { Network: { input: 'a' } } } });
    await stage.terraform.changes(stack, stage.run());
    stage.server.breakDeletions(1, when);

    await expect(stage.terraform.deploy({ stack, ...stage.run() })).resolves.toMatchObject({ changed: true });

    expect(stage.server.lock('foundation')).toBeUndefined();
  },
);

test.skipIf(!hasTerraform)('one that cannot be freed then either is freed by the next run', async () => {
  const stage = await openDataStage();
  const of = (input: string) => stage.stack({ resource: { terraform_data: { Network: { input } } } });
  await stage.terraform.deploy({ stack: await of('a'), ...stage.run() });
  stage.server.breakDeletions(Number.MAX_SAFE_INTEGER, 'before');

  await expect(stage.terraform.deploy({ stack: await of('b'), ...stage.run() })).rejects.toMatchObject({
    code: 'StepFailed',
    message: 'the lock of the state of foundation could not be freed',
    fix: expect.stringContaining('run it again on this machine') as string,
  });
  expect(stage.server.lock('foundation')).toBeDefined();

  stage.server.breakDeletions(0, 'before');
  await expect(stage.terraform.deploy({ stack: await of('c'), ...stage.run() })).resolves.toMatchObject({
    changed: true,
  });
  expect(stage.server.lock('foundation')).toBeUndefined();
});

test.skipIf(!hasTerraform)(
  'an interrupt ends an apply in order: what was made is in the state, and the next run goes on',
  async () => {
    const stage = await openDataStage();
    const [up, go] = [join(stage.root, 'up'), join(stage.root, 'go')];
    const stack = await stage.stack({
      resource: {
        terraform_data: {
          Network: { input: 'a' },
          Postgres: { input: '${terraform_data.Network.id}', provisioner: [waitingFor(up, go)] },
          Service: { input: '${terraform_data.Postgres.id}' },
        },
      },
    });
    const interrupt = new AbortController();

    const deploy = stage.terraform.deploy({ stack, ...stage.run(interrupt.signal) });
    const ended = expect(deploy).rejects.toMatchObject({
      code: 'Interrupted',
      message: 'interrupted while stack foundation was deployed: 1 of 3 changes are made, and in its state',
    });
    await Promise.race([eventually(() => existsSync(up)), ended]);
    interrupt.abort();
    await ended;

    expect(stage.server.lock('foundation')).toBeUndefined();
    const resources = await stage.terraform.resources(stack, stage.run());
    expect(resources).toEqual(['terraform_data.Network', 'terraform_data.Postgres']);
    await writeFile(go, '');
    const again = { allowWidening: true, allowReplace: ['terraform_data.Postgres'] };
    await expect(stage.terraform.deploy({ stack, ...again, ...stage.run() })).resolves.toMatchObject({ changed: true });
    await expect(stage.terraform.changes(stack, stage.run())).resolves.toMatchObject({ created: [], replaced: [] });
  },
);
