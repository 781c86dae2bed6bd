import { GoogleProvider } from '@cdktf/provider-google/lib/provider/index.js';
import { TerraformStack, Testing } from 'cdktf';
import { AgentNetwork, BackupBucket, WorkloadIdentity } from '../../constructs/gcp/index.js';

type Arguments = Readonly<Record<string, unknown>>;

/** What came of a stack. */
export interface SynthesizedTerraform {
  readonly text: string;
  /** Arguments by `type.name`. */
  readonly resources: Readonly<Record<string, Arguments>>;
  readonly variables: Readonly<Record<string, Arguments>>;
  /** Arguments of every resource of a type, in the order of their names. */
  all(type: string): readonly Arguments[];
  /** Arguments of the one resource of a type. */
  only(type: string): Arguments;
}

export const project = 'my-project';
export const region = 'us-central1';
export const digest = `us-central1-docker.pkg.dev/my-project/agent@sha256:${'a'.repeat(64)}`;

/** Synthesizes one stack, which needs neither terraform nor the provider. */
export function synthesizedTerraform(build: (stack: TerraformStack) => void): SynthesizedTerraform {
  const stack = new TerraformStack(Testing.app({ stackTraces: false }), 'Test');
  new GoogleProvider(stack, 'google', { project, region });
  build(stack);
  const text = Testing.synth(stack);
  const parsed = JSON.parse(text) as {
    resource?: Record<string, Record<string, Arguments>>;
    variable?: Record<string, Arguments>;
  };
  const resources = Object.fromEntries(
    Object.entries(parsed.resource ?? {}).flatMap(([type, named]) =>
      Object.entries(named).map(([name, values]) => [`${type}.${name}`, values]),
    ),
  );
  const all = (type: string): readonly Arguments[] =>
    Object.keys(resources)
      .filter((address) => address.startsWith(`${type}.`))
      .toSorted()
      .flatMap((address) => (resources[address] === undefined ? [] : [resources[address]]));
  return {
    text,
    resources,
    variables: parsed.variable ?? {},
    all,
    only: (type) => {
      const [first, ...others] = all(type);
      if (first === undefined || others.length > 0) throw new Error(`${all(type).length} resources of ${type}`);
      return first;
    },
  };
}

/** What most constructs stand in. */
export function surroundings(stack: TerraformStack) {
  const network = new AgentNetwork(stack, 'Network', { project, region, name: 'support' });
  return { project, region, network };
}

/** The same in a network that is there already: cheaper, where the network does not matter. */
export function plainSurroundings(stack: TerraformStack) {
  const existing = { network: 'shared', subnetwork: 'run' };
  return {
    project,
    region,
    network: new AgentNetwork(stack, 'Network', { project, region, name: 'support', existing }),
  };
}

/** Who a container is. */
export function identityOf(stack: TerraformStack): WorkloadIdentity {
  return new WorkloadIdentity(stack, 'Identity', { project, accountId: 'support-api' });
}

/** Where backups go. */
export function bucketOf(stack: TerraformStack): BackupBucket {
  return new BackupBucket(stack, 'Backups', { bucketName: 'my-project-backups', region });
}
