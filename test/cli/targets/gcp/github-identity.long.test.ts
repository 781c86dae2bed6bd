import { expect, test } from 'vitest';
import { openGcpBootstrap } from '../../../../cli/targets/gcp/bootstrap-stage.js';
import { deployRoles } from '../../../../cli/targets/gcp/deploy-roles.js';
import { githubIdentityNames } from '../../../../cli/targets/gcp/github-identity.js';
import { fakeForTest } from '../../../support/fake-gcp/fake-for-test.js';
import { hasGcloud } from '../../../support/fake-gcp/gcloud.js';
import { iamState } from '../../../support/fake-gcp/services/iam/iam-state.js';
import { gcpSpec } from '../../../support/gcp/synthesized-stage.js';

const { signal } = new AbortController();

test.skipIf(!hasGcloud)(
  `an identity for workflows of GitHub by the real gcloud${hasGcloud ? '' : ' (skipped: gcloud is not on the PATH)'}`,
  { timeout: 900_000 },
  async () => {
    const fake = await fakeForTest();
    const spec = gcpSpec('examples/quickstart/agentctl.yaml');
    const { project } = fake.world;
    const github = { spec, stage: 'production', github: 'acme/agent', environment: 'production', project };
    const environment = { PATH: process.env['PATH'] ?? '', HOME: fake.world.directory, ...fake.environment() };
    const opened = openGcpBootstrap({ environment, project, region: 'europe-west3', github });
    const { email, subject, wanted, name } = githubIdentityNames(github);
    const state = fake.world.state(iamState);
    const pool = `projects/${fake.world.projectNumber}/locations/global/workloadIdentityPools/${name.pool}`;
    // Somebody else's access stays.
    const other = { role: 'roles/viewer', members: ['user:somebody@acme.example'] };
    state.policies.set('project', { version: 1, etag: 'ACAB', bindings: [other] });

    expect((await opened.look(signal)).todo.at(-1)).toBe('makes an identity for workflows of GitHub');
    const made = await opened.prepare(signal, () => undefined);

    expect(made).toMatchObject({
      changed: true,
      identity: { email, subject, provider: `${pool}/providers/${name.provider}` },
    });
    expect(state.pools.get(`${pool}/providers/${name.provider}`)).toMatchObject({
      oidc: { issuerUri: wanted.issuer },
      attributeMapping: wanted.mapping,
      attributeCondition: "assertion.sub == 'repo:acme/agent:environment:production'",
    });
    expect(state.policies.get(email)?.bindings).toEqual([
      {
        role: 'roles/iam.workloadIdentityUser',
        members: [`principal://iam.googleapis.com/${pool}/subject/${subject}`],
      },
    ]);
    const bindings = state.policies.get('project')?.bindings ?? [];
    const granted = bindings.filter(({ members }) => members.includes(`serviceAccount:${email}`));
    expect(
      granted.map(({ role, condition }) => ({ role, condition: condition?.expression ?? null })).toSorted(byRole),
    ).toEqual(deployRoles(spec, 'production', project).toSorted(byRole));
    expect(bindings).toContainEqual(other);

    // Nothing the second time; what somebody changed is put back.
    expect((await opened.look(signal)).todo).toEqual([]);
    expect(await opened.prepare(signal, () => undefined)).toMatchObject({ changed: false });
    const provider = state.pools.get(`${pool}/providers/${name.provider}`);
    state.pools.set(`${pool}/providers/${name.provider}`, { ...provider, state: 'ACTIVE', attributeCondition: 'true' });
    expect((await opened.look(signal)).todo).toEqual([`lets in GitHub’s tokens of exactly ${subject}`]);
    await opened.prepare(signal, () => undefined);
    expect((await opened.look(signal)).todo).toEqual([]);
  },
);

function byRole({ role: a }: { readonly role: string }, { role: b }: { readonly role: string }): number {
  return a.localeCompare(b, 'en');
}
