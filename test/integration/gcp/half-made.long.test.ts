import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CloudAppVariant, cloudAppFiles } from '../../support/cloud-app.js';
import { runState } from '../../support/fake-gcp/services/run/run-state.js';
import { databaseState } from '../../support/fake-gcp/services/sql/database-state.js';
import { gcpAppConfig } from '../../support/gcp/gcp-app.js';
import { type GcpProject, openGcpProject } from '../../support/gcp/gcp-project.js';
import { missingPrograms, skippedFor } from '../../support/gcp/missing-programs.js';
import { lastLine } from '../../support/local-cli.js';

let project: GcpProject;

const push = async (variant: CloudAppVariant): Promise<string> =>
  await project.push(cloudAppFiles(variant), ['node', 'server.js']);

async function deploy(variant: CloudAppVariant, beside?: CloudAppVariant) {
  const other = beside === undefined ? undefined : await push(beside);
  await project.write('agentctl.yaml', gcpAppConfig(await push(variant), other));
  return await project.agentctl(['deploy', '--yes']);
}

const services = (): readonly string[] => [...project.fake.world.state(runState).services.keys()];

// One project: each test goes on where the one before it has left the stage.
describe.skipIf(missingPrograms.length > 0)(
  `services whose first revision fails${skippedFor}`,
  { shuffle: false, timeout: 3_600_000 },
  () => {
    beforeAll(async () => {
      project = await openGcpProject();
      await project.write('agentctl.yaml', gcpAppConfig(await push({ version: 'v0' })));
      await project.agentctl(['bootstrap', '--yes']);
      await project.agentctl(['secrets', 'set', 'TOKEN'], 'canary-40b1\n');
    }, 600_000);

    afterAll(async () => await project.stop());

    test('a first deploy that fails leaves no service, and the next one simply works', async () => {
      const failed = await deploy({ version: 'v1', mode: 'crash' });
      expect(failed.stderr).toContain('app v1: cannot load the model');
      expect(failed.exitCode).toBe(10);
      expect(services()).toEqual([]);
      const good = await deploy({ version: 'v2' });
      expect(good.exitCode).toBe(0);
      expect(await (await fetch(lastLine(good.stdout))).json()).toMatchObject({ version: 'v2' });
      expect(project.fake.world.state(databaseState).instances.size).toBe(1);
    });

    test('so it is with a service that is added later', async () => {
      const failed = await deploy({ version: 'v3' }, { version: 'w1', mode: 'crash' });
      expect(failed.exitCode).toBe(9);
      expect(services()).toHaveLength(1);
      expect((await deploy({ version: 'v3' }, { version: 'w2' })).exitCode).toBe(0);
      expect(services()).toHaveLength(2);
    });
  },
);
