import type { AgentSpec } from '../../../stacks/spec/index.js';
import { userSecretName } from '../../../stacks/gcp/naming.js';
import { certificatesAreDue } from '../../steps/gcp/ensure-certificates.js';
import { gitFacts } from '../../tools/git/git-facts.js';
import { assertSecretsSet } from '../assert-secrets-set.js';
import { sourceFacts } from '../source-facts.js';
import type { DeployTarget, DeployWish, PlanIdentity } from '../target.js';
import { unavailable } from './unavailable.js';
import { configurationFacts } from './configuration-facts.js';
import { gcpDoctor } from './gcp-doctor.js';
import type { GcpStageFacts } from './gcp-facts.js';
import type { GcpTargetOptions } from './gcp-target-options.js';
import { gcpTarget, type OpenGcpTarget } from './gcp-target.js';
import { planDeploy, type PlanDeployOptions } from './plan-deploy.js';
import { planMigrate } from './plan-migrate.js';
import { stageFacts } from './stage-facts.js';
import { writeStageFile } from './stage-file.js';
import { usedSecretNames, usedSecrets } from './used-secrets.js';

export interface GcpDeployTargetOptions extends GcpTargetOptions {
  readonly spec: AgentSpec;
  readonly specHash: string;
}

/** A stage on Google Cloud that can be brought to a spec. */
export function gcpDeployTarget(options: GcpDeployTargetOptions): DeployTarget & Pick<OpenGcpTarget, 'close'> {
  const { spec, specHash, stage, directory, stateDirectory, project, region } = options;
  const target = gcpTarget(options);
  const { tools } = target;

  const look = async (
    signal: AbortSignal,
    as: PlanIdentity,
    { allowReplace = [] }: DeployWish = {},
  ): Promise<PlanDeployOptions> => {
    assertDeployable(tools.environment);
    const about = { spec, stage, release: null };
    const declared = spec.secrets.map((secret) => userSecretName({ name: spec.name, stage }, secret));
    const facts = await stageFacts(options, tools, as, signal, [...new Set([...usedSecretNames(about), ...declared])]);
    assertSecrets(options, facts);
    const repository = facts.outputs.foundation?.['RepositoryUri'] ?? null;
    const [sources, git] = await Promise.all([
      sourceFacts({ spec, cloud: 'gcp', directory, repository, images: tools.images, signal }),
      gitFacts(directory, tools.environment, signal),
    ]);
    const seen = { ...facts, sources, repository };
    const isDue = spec.search?.kind === 'managed' && (await certificatesAreDue(facts.scope, { tools, signal }));
    const compared = { spec, stage, facts: seen, tools, allowReplace, signal, isDue };
    const configurations = await configurationFacts(compared);
    await writeStageFile(stateDirectory, { name: spec.name, project, region });
    return { spec, stage, specHash, allowReplace, facts: { ...seen, git, ...configurations } };
  };

  return {
    ...target,
    planDeploy: async (signal, as, wish) => planDeploy(await look(signal, as, wish)),
    planMigrate: async (signal, as) => planMigrate(await look(signal, as)),
    doctor: async (signal) => await gcpDoctor(options, tools, signal),
  };
}

/** Who sets it to `gcp` knows what docs/gcp.md says of it. */
const experiments = 'AGENTCTL_EXPERIMENTAL';

/** @throws TargetUnavailable unless it is asked for by name */
function assertDeployable(environment: Readonly<Record<string, string | undefined>>): void {
  if (environment[experiments] !== 'gcp') {
    throw unavailable(
      'deploy as a matter of course',
      `no deploy was ever run from end to end; docs/gcp.md says what was. To try it where nothing can be lost: ${experiments}=gcp`,
    );
  }
}

/** @throws SecretMissing before anything is changed */
function assertSecrets({ spec, stage, flags }: GcpDeployTargetOptions, { scope, versions }: GcpStageFacts): void {
  const { userSecrets } = usedSecrets({ spec, stage, release: null });
  const isSet = (secret: string): boolean => versions.has(userSecretName(scope, secret));
  assertSecretsSet({ needed: [...spec.secrets, ...userSecrets], isSet, flags });
}
