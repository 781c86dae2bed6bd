import type { AgentSpec } from '../../../stacks/spec/index.js';
import { repositoryName, userSecretName } from '../../../stacks/aws/naming.js';
import { gitFacts } from '../../tools/git/git-facts.js';
import type { DeployTarget, DeployWish, PlanIdentity } from '../target.js';
import type { AwsStageFacts } from './aws-facts.js';
import type { AwsTargetOptions } from './aws-target-options.js';
import { awsDoctor } from './aws-doctor.js';
import { awsTarget, type OpenAwsTarget } from './aws-target.js';
import { planDeploy, type PlanDeployOptions } from './plan-deploy.js';
import { planMigrate } from './plan-migrate.js';
import { assertSecretsSet } from '../assert-secrets-set.js';
import { sourceFacts } from '../source-facts.js';
import { writeStageFile } from './stage-file.js';
import { stageFacts } from './stage-facts.js';
import { templateFacts } from './template-facts.js';
import { usedSecretNames, usedSecrets } from './used-secrets.js';

export interface AwsDeployTargetOptions extends AwsTargetOptions {
  readonly spec: AgentSpec;
  readonly specHash: string;
}

/** A stage on AWS that can be brought to a spec. */
export function awsDeployTarget(options: AwsDeployTargetOptions): DeployTarget & Pick<OpenAwsTarget, 'close'> {
  const { spec, specHash, stage, directory, stateDirectory } = options;
  const target = awsTarget(options);
  const { tools } = target;

  const look = async (
    signal: AbortSignal,
    as: PlanIdentity,
    { allowReplace = [] }: DeployWish = {},
  ): Promise<PlanDeployOptions> => {
    const { region, accountId } = await tools.aws.account.identity(signal);
    const expected = [
      ...usedSecretNames({ spec, stage, release: null }),
      ...spec.secrets.map((secret) => userSecretName({ name: spec.name, stage }, secret)),
    ];
    const facts = await stageFacts(options, tools, as, signal, expected);
    assertSecrets(options, facts);
    const repository =
      (await tools.aws.registry.repository(repositoryName({ name: spec.name, stage }), signal)) ?? null;
    const [sources, git] = await Promise.all([
      sourceFacts({ spec, cloud: 'aws', directory, repository, images: tools.images, signal }),
      gitFacts(directory, tools.environment, signal),
    ]);
    const seen = { ...facts, sources, repository };
    const templates = await templateFacts({ spec, stage, facts: seen, tools, allowReplace, signal });
    await writeStageFile(stateDirectory, { name: spec.name, region, account: accountId });
    return { spec, stage, specHash, allowReplace, facts: { ...seen, git, ...templates } };
  };

  return {
    ...target,
    planDeploy: async (signal, as, wish) => planDeploy(await look(signal, as, wish)),
    planMigrate: async (signal, as) => planMigrate(await look(signal, as)),
    doctor: async (signal) => await awsDoctor({ ...options, tools, signal }),
  };
}

/** @throws SecretMissing before anything is changed */
function assertSecrets({ spec, stage, flags }: AwsDeployTargetOptions, { scope, versions }: AwsStageFacts): void {
  const { userSecrets } = usedSecrets({ spec, stage, release: null });
  const isSet = (secret: string): boolean => versions.has(userSecretName(scope, secret));
  assertSecretsSet({ needed: [...spec.secrets, ...userSecrets], isSet, flags });
}
