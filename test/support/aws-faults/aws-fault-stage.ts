import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openAwsProject } from '../aws-project.js';
import { type CloudFaultStage, cloudFaultStage } from '../cloud-faults/cloud-fault-stage.js';
import { faultAgentConfig, faultAgentFiles } from '../cloud-faults/fault-agent.js';
import { fakeTiming } from '../fake-aws/fake-timing.js';
import { secretsState } from '../fake-aws/services/secrets-manager/secrets-state.js';
import { plainEnvironment } from '../local-cli.js';
import { orphanAwsLock, takeAwsSnapshot } from './aws-snapshot.js';

/** Opens a stage on an empty account. */
export async function openAwsFaultStage(): Promise<CloudFaultStage> {
  const project = await openAwsProject();
  const { fake, directory } = project;
  const home = join(dirname(directory), 'fault-home');
  await mkdir(home, { recursive: true });
  const environment = { ...plainEnvironment(home), ...fake.environment(), AGENTCTL_AWS_POLL_SECONDS: '0.15' };
  // Hundreds of cells: what goes on beside one shall not take most of the machine.
  Object.assign(fake.world.state(fakeTiming), { healthCheckMilliseconds: 200, serviceMilliseconds: 50 });
  // Libraries of AWS read it in this process as well.
  Object.assign(process.env, fake.environment());
  return cloudFaultStage({
    name: 'aws',
    directory,
    environment,
    boundSeconds: 120,
    calls: fake.calls,
    fail: fake.fail,
    push: async (version) => await project.push(faultAgentFiles(version), ['node', 'app.mjs']),
    use: async (image) =>
      await project.write('agentctl.yaml', faultAgentConfig(image, { clouds: { aws: { region: 'eu-central-1' } } })),
    snapshot: async (prober) => await takeAwsSnapshot(fake.world, prober),
    orphanLock: () => orphanAwsLock(fake.world),
    forget() {
      // As when the days are over for which they could have been restored: a first deploy then makes the calls of the very first.
      const { secrets } = fake.world.state(secretsState);
      for (const [key, { deletionDate }] of secrets) if (deletionDate !== undefined) secrets.delete(key);
    },
    stop: async () => await project.stop(),
  });
}
