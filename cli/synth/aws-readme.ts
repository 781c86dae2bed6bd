import { composedSecrets, type EnvironmentScope } from '../../stacks/aws/environment.js';
import { generatedPartsOf, generatedSecretText } from '../../stacks/aws/generated-secrets.js';
import {
  bootstrapNames,
  generatedSecretName,
  poolerUsersSecretName,
  repositoryName,
  stackName,
  userSecretName,
} from '../../stacks/aws/naming.js';
import { hasPooler } from '../../stacks/aws/references.js';
import { migrationTaskDefinitionOutput } from '../../stacks/aws/outputs.js';
import { type AgentSpec, containerSecrets, imageSources } from '../../stacks/spec/index.js';

/** The release of the `cdk` command that this was tried with. */
const cdk = 'npx aws-cdk@2.1148.1';

/** Pure: how the output of `agentctl synth --cloud aws` is used without agentctl. */
export function awsReadme({ spec, stage, release }: EnvironmentScope): string {
  const scope = { name: spec.name, stage };
  const region = spec.clouds.aws?.region ?? 'us-east-1';
  const stacks = {
    foundation: stackName(scope, 'foundation'),
    migrations: stackName(scope, 'migrations'),
    service: stackName(scope, 'service'),
  };
  const user = containerSecrets(spec).map((secret) => userSecretName(scope, secret));
  const generated = generatedPartsOf(spec).map(
    (part) =>
      `\`${generatedSecretName(scope, part)}\`: JSON \`${generatedSecretText(part, '…')}\` with a password of letters, digits and \`-\``,
  );
  const composed = composedSecrets({ spec, stage, release });
  const isBuilt = Object.values(imageSources(spec)).some(({ kind }) => kind !== 'ref');
  const sections = [
    `# ${spec.name}, stage ${stage}, on AWS`,
    'Written by `agentctl synth --cloud aws`. This directory is a CDK cloud assembly: `cdk deploy --app` takes it as it is, and each `*.template.json` is a plain CloudFormation template.',
    '## Once per account and region',
    `\`agentctl bootstrap --cloud aws\` makes the stack \`${bootstrapNames.stack}\`: a bucket for templates and a key for secrets, exported as \`${bootstrapNames.stateBucketExport}\` and \`${bootstrapNames.keyArnExport}\`. Without agentctl, make both yourself under these names, the bucket as \`agentctl-state-<account>-<region>\`. \`cdk bootstrap\` is not needed.`,
    '## Secrets first',
    `No value is in a template. These secrets have to be in Secrets Manager (${region}), encrypted with \`${bootstrapNames.keyAlias}\`, before the stacks are deployed:`,
    list([
      ...user.map((name) => `\`${name}\`: the value, as plain text`),
      ...generated,
      ...(hasPooler(spec)
        ? [
            `\`${poolerUsersSecretName(scope)}\`: two lines of plain text, \`"agent" "…"\` and \`"agent_1" "…"\`, with the password of the database`,
          ]
        : []),
    ]),
    ...(composed.length === 0
      ? []
      : [
          'and these after the foundation and before the rest, as plain text; `${output.NAME}` is an output of the foundation, `${generated.PART.password}` and `${secrets.NAME}` are from above, `${generated.postgres.pooledUser}` is `agent_1`:',
          list(composed.map(({ name, template }) => `\`${name}\`: \`${template}\``)),
        ]),
    'The value of each comes from standard input, so that no list of processes and no history of a shell has it:',
    code([
      `aws secretsmanager create-secret --region ${region} --kms-key-id ${bootstrapNames.keyAlias} --secret-string file:///dev/stdin --name NAME`,
    ]),
    '## Deploy',
    'In this directory:',
    code([
      `${cdk} deploy ${stacks.foundation}`,
      ...(isBuilt
        ? [
            `# images have a digest of zeros so far: build and push to the repository ${repositoryName(scope)}, then`,
            `# agentctl synth --cloud aws --stage ${stage} --image REPOSITORY@sha256:… (one of a service: NAME=REPOSITORY@sha256:…)`,
          ]
        : []),
      ...(spec.migrations.length === 0 ? [] : [`${cdk} deploy ${stacks.migrations}`, ...migrationLines(spec, stacks)]),
      `${cdk} deploy ${stacks.service}`,
    ]),
    'agentctl does these steps in this order, waits for each, and goes back when the last one fails. A service gets a new value of a secret when its tasks are started again.',
    '## Take it away',
    code([
      `${cdk} destroy ${[...(spec.migrations.length === 0 ? [] : [stacks.migrations]), stacks.service].join(' ')}`,
    ]),
    `The foundation holds the data. To take it away as well: \`clouds.aws.deletionProtection: false\` in agentctl.yaml, \`agentctl synth\`, \`cdk deploy ${stacks.foundation}\`. Then delete what lies in its network and holds data (${heldIn(spec)}), after a last snapshot, and \`cdk destroy ${stacks.foundation}\`. Buckets, registry, keys and logs stay.`,
  ];
  return `${sections.join('\n\n')}\n`;
}

/** What CloudFormation keeps in the network, which cannot go before it. */
function heldIn(spec: AgentSpec): string {
  const parts = generatedPartsOf(spec);
  return parts.length === 0 ? 'nothing here' : parts.join(', ');
}

/** One task per migration, in their order; the next step is for when it has ended with exit code 0. */
function migrationLines(
  spec: AgentSpec,
  { foundation, migrations }: { readonly foundation: string; readonly migrations: string },
): readonly string[] {
  const region = spec.clouds.aws?.region ?? 'us-east-1';
  return [
    `output() { aws cloudformation describe-stacks --region ${region} --stack-name "$1" --query "Stacks[0].Outputs[?OutputKey=='$2'].OutputValue" --output text; }`,
    `network="awsvpcConfiguration={subnets=[$(output ${foundation} AppSubnetIds)],securityGroups=[$(output ${foundation} TaskSecurityGroupId)]}"`,
    ...spec.migrations.flatMap(({ name }) => [
      `aws ecs run-task --region ${region} --launch-type FARGATE --network-configuration "$network" \\`,
      `  --cluster "$(output ${foundation} ClusterName)" --task-definition "$(output ${migrations} ${migrationTaskDefinitionOutput(name)})"`,
      '# go on when it has ended with exit code 0: aws ecs wait tasks-stopped, aws ecs describe-tasks',
    ]),
  ];
}

function list(items: readonly string[]): string {
  return items.length === 0 ? '- none' : items.map((item) => `- ${item}`).join('\n');
}

function code(lines: readonly string[]): string {
  return ['```sh', ...lines, '```'].join('\n');
}
