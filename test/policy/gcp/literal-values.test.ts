import { expect, test } from 'vitest';
import { outputValues, withLiteralValues } from '../../support/gcp/literal-values.js';
import { gcpSpec, synthesizedStage } from '../../support/gcp/synthesized-stage.js';

const place = { project: 'my-project', projectNumber: '123456789012', region: 'us-central1' };

test('a reference becomes what it will be, of the configuration or of Google', () => {
  const made = withLiteralValues(
    {
      terraform: { required_version: '>= 1.11.0', backend: { gcs: {} } },
      variable: { postgres_password: { ephemeral: true } },
      data: { google_project: { Project: {} } },
      resource: {
        google_compute_network: { Network: { name: 'agent', '//': { metadata: {} } } },
        google_compute_subnetwork: {
          Run: { name: 'run', region: 'us-central1', network: '${google_compute_network.Network.id}' },
        },
        google_service_account: { Api: { account_id: 'agent-api' } },
        google_sql_database_instance: {
          Postgres: {
            name: 'agent-db',
            settings: { ip_configuration: { private_network: '${google_compute_network.Network.self_link}' } },
            lifecycle: { ignore_changes: ['settings'] },
            depends_on: ['google_compute_network.Network'],
          },
        },
        google_sql_user: {
          User: {
            instance: '${google_sql_database_instance.Postgres.name}',
            password_wo: '${var.postgres_password}',
            host: 'x-${data.google_project.Project.number}-$${NOT}',
          },
        },
        google_project_iam_member: { Api: { member: '${google_service_account.Api.member}' } },
      },
      output: { Ca: { value: '${google_sql_database_instance.Postgres.server_ca_cert[0].cert}' } },
    },
    place,
  );

  expect(made.terraform).toEqual({ required_version: '>= 1.11.0' });
  expect(made).not.toHaveProperty('variable');
  expect(made.resource?.['google_compute_network']).toEqual({ Network: { name: 'agent' } });
  expect(made.resource?.['google_compute_subnetwork']?.['Run']?.['network']).toBe(
    'projects/my-project/global/networks/agent',
  );
  expect(made.resource?.['google_sql_database_instance']?.['Postgres']).toMatchObject({
    settings: {
      ip_configuration: {
        private_network: 'https://www.googleapis.com/compute/v1/projects/my-project/global/networks/agent',
      },
    },
    depends_on: ['google_compute_network.Network'],
  });
  expect(made.resource?.['google_sql_user']?.['User']).toEqual({
    instance: 'agent-db',
    password_wo: 'literal-postgres_password-Aa1',
    host: 'x-123456789012-$${NOT}',
  });
  expect(made.resource?.['google_project_iam_member']?.['Api']).toEqual({
    member: 'serviceAccount:agent-api@my-project.iam.gserviceaccount.com',
  });
  expect(outputValues(made)).toEqual({ Ca: expect.stringContaining('BEGIN CERTIFICATE') as string });
});

test.each([
  ['${google_compute_network.Network.id}', 'google_compute_network.Network is not declared'],
  ['${google_service_account.Api.nothing}', 'no literal value for google_service_account.Api.nothing'],
  ['${data.terraform_remote_state.foundation.outputs.Url}', 'no literal value for data.'],
])('what it has no value for is told: %s', (text, message) => {
  const resource = { google_service_account: { Api: { account_id: 'a', display_name: text } } };
  const other = { google_service_account: { Api: { account_id: 'a' }, Other: { account_id: text } } };
  expect(() => withLiteralValues({ resource: text.includes('.Api.') ? other : resource }, place)).toThrow(message);
});

test.each([
  ['quickstart', 'production'],
  ['fastapi-agent', 'production'],
  ['state-management-demo', 'gcp'],
])('no reference is left in the configurations of %s', (example, stage) => {
  const stacks = synthesizedStage(gcpSpec(`examples/${example}/agentctl.yaml`, stage), stage, { release: 'r1' });
  const foundation = withLiteralValues(stacks['foundation']?.configuration ?? {}, place);
  for (const kind of ['foundation', 'migrations', 'service']) {
    const configuration = stacks[kind]?.configuration ?? {};
    const text = JSON.stringify(withLiteralValues(configuration, place, outputValues(foundation)));
    expect(text).not.toMatch(/(?<!\$)\$\{/);
    expect(text.length).toBeGreaterThan(1000);
  }
});
