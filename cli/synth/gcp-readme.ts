import { composedSecrets, type EnvironmentScope } from '../../stacks/gcp/environment.js';
import { generatedSecretsOf } from '../../stacks/gcp/generated-secrets.js';
import { candidateHeader, generatedSecretName, stateBucketName, userSecretName } from '../../stacks/gcp/naming.js';
import { migrationJobOutput } from '../../stacks/gcp/outputs.js';
import { containerSecrets } from '../../stacks/spec/index.js';

export interface GcpReadmeOptions {
  /** Whether the checksums of the provider are there. @default false */
  readonly hasLock?: boolean;
}

/** Pure: how the output of `agentctl synth --cloud gcp` is used without agentctl. */
export function gcpReadme(
  { spec, stage, release }: EnvironmentScope,
  { hasLock = false }: GcpReadmeOptions = {},
): string {
  const scope = { name: spec.name, stage };
  const { project, region } = spec.clouds.gcp ?? { project: 'my-project', region: 'us-central1' };
  const generated = generatedSecretsOf(spec);
  const byUs = generated.filter(({ madeBy }) => madeBy === 'agentctl').map(({ part }) => part);
  const byMemorystore = generated.filter(({ madeBy }) => madeBy === 'memorystore').map(({ part }) => part);
  const composed = composedSecrets({ spec, stage, release });
  const secretOf = (part: (typeof byUs)[number]): string => `\`${generatedSecretName(scope, part)}\``;
  const { name: header, value } = candidateHeader(scope, project);
  const usesPassword = byUs.includes('postgres');
  const sections = [
    `# ${spec.name}, stage ${stage}, on Google Cloud`,
    'Written by `agentctl synth --cloud gcp`. Each directory is a Terraform configuration with a state of its own: `terraform` (1.11 or later) or `tofu` applies it as it is.',
    '## Once per project',
    `A bucket for states, private and versioned: \`gcloud storage buckets create gs://${stateBucketName(project)} --project ${project} --location ${region} --uniform-bucket-level-access --public-access-prevention\`, then \`gcloud storage buckets update gs://${stateBucketName(project)} --versioning\`. The state of the foundation holds what Google generates, such as the password of a cache: whoever may read the bucket may read that.`,
    hasLock
      ? '`.terraform.lock.hcl` in each directory has the checksums of the provider for Terraform; `tofu init` writes its own into it.'
      : '`terraform init` writes `.terraform.lock.hcl` into each directory: commit it. The version of the provider is pinned exactly either way.',
    '## Secrets first',
    `No value is in a configuration. These secrets have to be in Secret Manager (${region}), as plain text in version 1, before the foundation (another version: change its number in the configuration):`,
    list([
      ...containerSecrets(spec).map((secret) => `\`${userSecretName(scope, secret)}\`: the value`),
      ...byUs.map((part) => `${secretOf(part)}: ${contents[part]}`),
    ]),
    ...(composed.length + byMemorystore.length === 0
      ? []
      : [
          'and these after the foundation and before the rest; `${output.NAME}` is an output of the foundation, `${generated.PART.password}` and `${secrets.NAME}` are from above:',
          list([
            ...byMemorystore.map((part) => `${secretOf(part)}: what \`gcloud redis instances get-auth-string\` prints`),
            ...composed.map(({ name, template }) => `\`${name}\`: \`${template}\``),
          ]),
        ]),
    '## Apply',
    steps([
      ...(usesPassword
        ? [
            `export TF_VAR_postgres_password="$(gcloud secrets versions access 1 --secret ${generatedSecretName(scope, 'postgres')} --project ${project})"`,
          ]
        : []),
      ...apply('foundation'),
      '# build the image, push it to the output RepositoryUri, and put its digest in place of the zeros',
      ...(spec.migrations.length === 0
        ? []
        : [
            ...apply('migrations'),
            ...spec.migrations.map(
              ({ name }) =>
                `gcloud run jobs execute "$(terraform -chdir=migrations output -raw ${migrationJobOutput(name)})" --region ${region} --project ${project} --wait`,
            ),
          ]),
      ...apply('service'),
    ]),
    `The first revision of a service gets all traffic. After that, Terraform leaves traffic alone: say \`gcloud run services update-traffic SERVICE --to-revisions REVISION=100\` once, and each new revision serves nobody until you move traffic to it. A revision with the tag \`candidate\` is reached through the load balancer by the header \`${header}: ${value}\`. Going back is the same command with the revision before.`,
    'Databases, disks, buckets and the registry have `prevent_destroy`: Terraform refuses any plan that would destroy them.',
  ];
  return `${sections.join('\n\n')}\n`;
}

const contents: Readonly<Record<string, string>> = {
  postgres:
    'a password of 16 characters or more, of letters, digits and `-`, with upper case, lower case, a digit and a sign',
  search: 'a password of letters, digits and `-`',
  'search-ca': 'PEM certificate of a CA of your own',
  'search-ca-key': 'its private key, PEM, PKCS#8: for `agentctl deploy` alone, which signs with it',
  'search-node':
    'PEM certificate of the nodes, signed by it: subject `CN=agentctl-search-node`, names `search.…internal` and `agentctl-search-node`',
  'search-key': 'its private key, PEM, PKCS#8',
};

function apply(kind: string): readonly string[] {
  return [
    `terraform -chdir=${kind} init -input=false`,
    `terraform -chdir=${kind} plan -input=false -out=plan.tfplan`,
    `terraform -chdir=${kind} apply -input=false plan.tfplan`,
  ];
}

function list(items: readonly string[]): string {
  return items.length === 0 ? '(none)' : items.map((item) => `- ${item}`).join('\n');
}

function steps(lines: readonly string[]): string {
  return ['```console', ...lines, '```'].join('\n');
}
