import { expect, test } from 'vitest';
import { gcpDeployTarget } from '../../../../cli/targets/gcp/gcp-deploy-target.js';
import { parseSpec } from '../../../../stacks/spec/index.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

test('a deploy to Google Cloud is asked for by name, before anything is looked at', async () => {
  const directory = await temporaryDirectory();
  const [project, region] = ['acme-test', 'us-central1'];
  const image = { ref: `${region}-docker.pkg.dev/p/r/app@sha256:${'a'.repeat(64)}` };
  const services = { api: { port: 8000, routes: [{ path: '/' }], health: { readiness: '/health' } } };
  const parsed = parseSpec(
    { name: 'agent', image, services, clouds: { gcp: { project, region } } },
    { stage: 'production', target: 'gcp' },
  );
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems));
  const place = { name: 'agent', stage: 'production', directory, stateDirectory: directory, flags: '--cloud gcp' };
  const target = gcpDeployTarget({
    ...place,
    project,
    region,
    spec: parsed.spec,
    specHash: 'h',
    environment: {},
    mask: () => undefined,
  });
  const as = { runId: 'r', madeAt: '2026-11-28T00:00:00Z' };
  const deploying = target.planDeploy(new AbortController().signal, as, {});

  await expect(deploying).rejects.toMatchObject({
    code: 'TargetUnavailable',
    fix: expect.stringContaining('AGENTCTL_EXPERIMENTAL=gcp') as string,
  });
  await target.close();
});
