import { expect, onTestFinished, test } from 'vitest';
import { openTerraform } from '../../../../cli/tools/terraform/index.js';
import { startFakeGoogleProvider } from '../../../support/fake-google-provider/start-fake-google-provider.js';
import { startPlainCloud } from '../../../support/terraform/plain-cloud.js';
import { hasTerraform, openDataStage } from './terraform-on-data.js';

const canary = 'canary-Xc5Bn8Mq1Lz7';

test.skipIf(!hasTerraform)(
  'the stand-in for the provider makes, finds, changes, replaces and misses resources',
  async () => {
    const stage = await openDataStage();
    const cloud = await startPlainCloud();
    const provider = await startFakeGoogleProvider({ url: cloud.url, configurations: () => [stage.root] });
    onTestFinished(async () => void (await Promise.all([cloud.stop(), provider.stop()])));
    const environment = { ...stage.environment, ...provider.environment };
    const terraform = openTerraform({ environment, directory: stage.directory, statefulTypes: [] });
    const stackOf = (user: object) =>
      stage
        .stack({
          terraform: {
            backend: stage.server.backend('foundation'),
            required_providers: { google: { source: 'hashicorp/google', version: '6.50.0' } },
          },
          provider: { google: [{ project: 'my-project' }] },
          variable: { postgres_password: { type: 'string', ephemeral: true } },
          resource: {
            google_sql_user: {
              App: {
                name: 'app',
                password_wo: '${var.postgres_password}',
                password_wo_version: 1,
                type: 'BUILT_IN',
                ...user,
                lifecycle: { ignore_changes: ['type'] },
              },
            },
            google_sql_database: {
              State: { name: 'state', owner: '${google_sql_user.App.host}', settings: [{ a: [1, true, null] }] },
            },
          },
          output: { Host: { value: '${google_sql_user.App.host}' } },
        })
        .then((stack) => ({ ...stack, variables: { postgres_password: canary } }));
    const sentSince = (start: number): readonly string[] =>
      cloud.requests.slice(start).flatMap(({ method, type }) => (method === 'GET' ? [] : [`${method} ${type}`]));

    const stack = await stackOf({});
    await expect(terraform.deploy({ stack, ...stage.run() })).resolves.toEqual({
      changed: true,
      outputs: { Host: '10.1.2.4' },
    });
    const [made, database] = cloud.requests.filter(({ method }) => method === 'POST');
    expect(made?.body).toEqual({
      attributes: { name: 'app', password_wo_version: 1, type: 'BUILT_IN' },
      writeOnly: { password_wo: canary },
    });
    expect(database?.body.attributes).toEqual({ name: 'state', owner: '10.1.2.4', settings: [{ a: [1, true, null] }] });

    let start = cloud.requests.length;
    await expect(terraform.deploy({ stack, ...stage.run() })).resolves.toMatchObject({ changed: false });
    expect(sentSince(start)).toEqual([]);

    // Changed in place: what is ignored is sent as it is there, and no password with what was before.
    const app = [...cloud.resources.keys()].find((name) => name.startsWith('google_sql_user ')) ?? '';
    cloud.resources.set(app, { ...cloud.resources.get(app), type: 'CLOUD_IAM_USER' });
    start = cloud.requests.length;
    await terraform.deploy({ stack: await stackOf({ password_wo_version: 2 }), ...stage.run() });
    expect(sentSince(start)).toEqual(['PUT google_sql_user']);
    const update = cloud.requests.findLast(({ method }) => method === 'PUT');
    expect(update?.body).toMatchObject({
      attributes: { password_wo_version: 2, type: 'CLOUD_IAM_USER' },
      writeOnly: { password_wo: canary },
      prior: { password_wo_version: 1 },
    });
    expect(JSON.stringify(update?.body.prior)).not.toContain(canary);

    // Gone behind Terraform’s back, and changed there.
    const [key = ''] = [...cloud.resources.keys()].filter((name) => name.startsWith('google_sql_database '));
    cloud.resources.delete(key);
    cloud.resources.set(app, { ...cloud.resources.get(app), password_wo_version: 7, unheardOf: true });
    await expect(terraform.changes(await stackOf({ password_wo_version: 2 }), stage.run())).resolves.toMatchObject({
      created: [{ address: 'google_sql_database.State' }],
      changed: [{ address: 'google_sql_user.App', attributes: ['password_wo_version'] }],
    });

    // Another name is another user.
    await expect(
      terraform.changes(await stackOf({ password_wo_version: 2, name: 'other' }), stage.run()),
    ).resolves.toMatchObject({
      replaced: [{ address: 'google_sql_user.App', attributes: ['name'] }],
    });

    // What is there although it failed is replaced.
    cloud.refuse(
      'google_sql_database',
      { code: 400, message: 'it is not ready', status: 'FAILED_PRECONDITION' },
      { id: 'half', name: 'state' },
    );
    await expect(
      terraform.deploy({ stack: await stackOf({ password_wo_version: 2 }), ...stage.run() }),
    ).rejects.toMatchObject({
      code: 'StepFailed',
      message:
        'stack foundation could not be deployed: google_sql_database.State: Error creating google_sql_database: googleapi: Error 400: it is not ready, FAILED_PRECONDITION',
    });
    await expect(terraform.changes(await stackOf({ password_wo_version: 2 }), stage.run())).resolves.toMatchObject({
      replaced: [{ address: 'google_sql_database.State' }],
    });
  },
);
