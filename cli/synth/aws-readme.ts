import { composedSecrets, type EnvironmentScope } from '../../stacks/aws/environment.js';
import { generatedPartsOf } from '../../stacks/aws/generated-secrets.js';
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
import { containerSecrets } from '../../stacks/spec/index.js';

/** Pure: how the output of `agentctl synth --cloud aws` is used without agentctl. */
export function awsReadme({ spec, stage, release }: EnvironmentScope): string {
  const scope = { name: spec.name, stage };
  const region = spec.clouds.aws?.region ?? 'us-east-1';
  const stacks = {
    foundation: stackName(scope, 'foundation'),
    migrations: stackName(scope, 'migrations'),
    service: stackName(scope, 'service'),
  };
  const generated = generatedPartsOf(spec).map((part) => generatedSecretName(scope, part));
  const user = containerSecrets(spec).map((secret) => userSecretName(scope, secret));
  const composed = composedSecrets({ spec, stage, release });
  const sections = [
    `# ${spec.name}, stage ${stage}, on AWS`,
    'Written by `agentctl synth --cloud aws`. `cloud-assembly/` is a CDK cloud assembly: the `cdk` command deploys it as it is, and each `*.template.json` is a plain CloudFormation template.',
    '## Once per account and region',
    `\`agentctl bootstrap --cloud aws\` makes the stack \`${bootstrapNames.stack}\`: a bucket for templates and a key for secrets, exported as \`${bootstrapNames.stateBucketExport}\` and \`${bootstrapNames.keyArnExport}\`. Without agentctl, make both yourself under these names, the bucket as \`agentctl-state-<account>-<region>\`.`,
    '## Secrets first',
    `No value is in a template. These secrets have to be in Secrets Manager (${region}), encrypted with \`${bootstrapNames.keyAlias}\`, before the stacks are deployed:`,
    list([
      ...user.map((name) => `\`${name}\`: the value, as plain text`),
      ...generated.map(
        (name) =>
          `\`${name}\`: JSON \`{"username":"agent","password":"…"}\` with a password of letters, digits and \`-\``,
      ),
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
    '## Deploy',
    steps([
      `npx aws-cdk@2 deploy ${stacks.foundation}`,
      `# build the image and push it to the repository ${repositoryName(scope)}; images in the templates have a digest of zeros until then`,
      ...(spec.migrations.length === 0
        ? []
        : [
            `npx aws-cdk@2 deploy ${stacks.migrations}`,
            ...spec.migrations.map(
              ({ name }) =>
                `# aws ecs run-task with the output ${migrationTaskDefinitionOutput(name)}, and wait for exit code 0`,
            ),
          ]),
      `npx aws-cdk@2 deploy ${stacks.service}`,
    ]),
    'agentctl does these steps in this order, waits for each, and goes back when the last one fails. A service gets a new value of a secret when its tasks are started again.',
  ];
  return `${sections.join('\n\n')}\n`;
}

function list(items: readonly string[]): string {
  return items.length === 0 ? '- none' : items.map((item) => `- ${item}`).join('\n');
}

function steps(lines: readonly string[]): string {
  return ['```sh', ...lines, '```'].join('\n');
}
