import { expect, onTestFinished, test } from 'vitest';
import { openTerraform } from '../../../../cli/tools/terraform/index.js';
import { startFakeGoogleProvider } from '../../../support/fake-google-provider/start-fake-google-provider.js';
import { startPlainCloud } from '../../../support/terraform/plain-cloud.js';
import { hasTerraform, openDataStage } from './terraform-on-data.js';

const database = 'google_sql_database_instance';
const service = 'google_cloud_run_v2_service';
const failed = { code: 400, message: 'it did not come up', status: 'FAILED_PRECONDITION' };

async function openStage() {
  const stage = await openDataStage();
  const cloud = await startPlainCloud();
  const provider = await startFakeGoogleProvider({ url: cloud.url, configurations: () => [stage.root] });
  onTestFinished(async () => void (await Promise.all([cloud.stop(), provider.stop()])));
  const environment = { ...stage.environment, ...provider.environment };
  const types = { statefulTypes: [database], mendedTypes: [service] };
  const terraform = openTerraform({ environment, directory: stage.directory, ...types });
  const stack = async (resource: object) =>
    await stage.stack({
      terraform: {
        backend: stage.server.backend('foundation'),
        required_providers: { google: { source: 'hashicorp/google', version: '6.50.0' } },
      },
      provider: { google: [{ project: 'my-project' }] },
      resource,
    });
  return {
    stage,
    cloud,
    terraform,
    stack,
    /** What was sent that changes something. */
    sent: () => cloud.requests.flatMap(({ method, type }) => (method === 'GET' ? [] : [`${method} ${type}`])),
  };
}

test.skipIf(!hasTerraform)(
  'a service whose first revision failed is changed by the next deploy, not replaced',
  async () => {
    const { stage, cloud, terraform, stack, sent } = await openStage();
    cloud.refuse(service, failed, { id: 'api', name: 'api', template: 'broken' });
    const broken = await stack({ [service]: { Api: { name: 'api', template: 'broken', deletion_protection: true } } });
    await expect(terraform.deploy({ stack: broken, ...stage.run() })).rejects.toMatchObject({ code: 'StepFailed' });

    const mended = await stack({ [service]: { Api: { name: 'api', template: 'good', deletion_protection: true } } });
    await expect(terraform.changes(mended, stage.run())).resolves.toMatchObject({
      changed: [{ address: `${service}.Api` }],
      replaced: [],
    });
    await expect(terraform.deploy({ stack: mended, ...stage.run() })).resolves.toMatchObject({ changed: true });

    expect(sent()).toEqual([`POST ${service}`, `PUT ${service}`]);
    await expect(terraform.deploy({ stack: mended, ...stage.run() })).resolves.toMatchObject({ changed: false });
  },
);

test.skipIf(!hasTerraform)('one that was taken away since is made anew', async () => {
  const { stage, cloud, terraform, stack, sent } = await openStage();
  cloud.refuse(service, failed, { id: 'api', name: 'api' });
  const api = await stack({ [service]: { Api: { name: 'api' } } });
  await expect(terraform.deploy({ stack: api, ...stage.run() })).rejects.toMatchObject({ code: 'StepFailed' });
  cloud.resources.clear();

  await expect(terraform.deploy({ stack: api, ...stage.run() })).resolves.toMatchObject({ changed: true });

  expect(sent()).toEqual([`POST ${service}`, `POST ${service}`]);
});

test.skipIf(!hasTerraform)(
  'a database whose creation failed is never replaced: it is used once it can be',
  async () => {
    const { stage, cloud, terraform, stack, sent } = await openStage();
    const settings = { name: 'db', tier: 'small', lifecycle: { prevent_destroy: true } };
    cloud.refuse(database, failed, { id: 'db', name: 'db', tier: 'small' });
    const data = await stack({ [database]: { Postgres: settings } });
    await expect(terraform.deploy({ stack: data, ...stage.run() })).rejects.toMatchObject({ code: 'StepFailed' });

    await expect(terraform.changes(data, stage.run())).resolves.toMatchObject({ replaced: [], stateful: [] });
    const asked: unknown[] = [];
    const unusable = async (resource: unknown) => {
      asked.push(resource);
      return await Promise.resolve('the instance db is PENDING_CREATE');
    };
    await expect(terraform.deploy({ stack: data, ...stage.run(), unusable })).rejects.toMatchObject({
      code: 'Refused',
      message: `stack foundation: the creation of ${database}.Postgres failed, and the instance db is PENDING_CREATE`,
    });
    expect(asked).toEqual([{ address: `${database}.Postgres`, type: database, name: 'db' }]);
    expect(sent()).toEqual([`POST ${database}`]);

    await terraform.deploy({ stack: data, ...stage.run() });
    expect(sent()).not.toContain(`DELETE ${database}`);
    expect(sent().filter((one) => one.startsWith('POST'))).toHaveLength(1);

    // What protects it otherwise is as it was.
    const moved = await stack({ [database]: { Postgres: { ...settings, name: 'other' } } });
    await expect(terraform.deploy({ stack: moved, ...stage.run() })).rejects.toMatchObject({ code: 'Refused' });
  },
);
