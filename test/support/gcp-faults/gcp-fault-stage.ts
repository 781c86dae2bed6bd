import { type CloudFaultStage, cloudFaultStage } from '../cloud-faults/cloud-fault-stage.js';
import { faultAgentConfig, faultAgentFiles } from '../cloud-faults/fault-agent.js';
import { gcpTiming } from '../fake-gcp/gcp-timing.js';
import { openGcpProject } from '../gcp/gcp-project.js';
import { orphanGcpLock, takeGcpSnapshot } from './gcp-snapshot.js';

const settings = {
  clouds: { gcp: { project: 'acme-test', region: 'europe-west3' } },
  // The image of the pooler is not at hand.
  postgres: { pooler: false },
  cpu: 1,
} as const;

/** Opens a stage on an empty project. */
export async function openGcpFaultStage(): Promise<CloudFaultStage> {
  const project = await openGcpProject();
  const { fake, directory } = project;
  // What goes on beside a cell shall not take most of the machine.
  fake.world.state(gcpTiming).probeMilliseconds = 200;
  return cloudFaultStage({
    name: 'gcp',
    directory,
    environment: { ...project.environment, AGENTCTL_GCP_BAKE_SECONDS: '0.5' },
    // A run is a hundred processes, most of them of Python and Terraform.
    boundSeconds: 600,
    calls: fake.calls,
    fail: fake.fail,
    push: async (version) => await project.push(faultAgentFiles(version), ['node', 'app.mjs']),
    use: async (image) => await project.write('agentctl.yaml', faultAgentConfig(image, settings)),
    snapshot: async (prober) => await takeGcpSnapshot(fake.world, prober),
    orphanLock: () => orphanGcpLock(fake.world),
    // A database has another name then, and everything else is gone at once.
    forget: () => undefined,
    stop: async () => await project.stop(),
  });
}
