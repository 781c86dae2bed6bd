import { stackKinds, userSecretName } from '../../../stacks/aws/naming.js';
import { type AgentSpec, containerSecrets, imageSources, platformOf } from '../../../stacks/spec/index.js';
import { isAgentctlError, messageOf } from '../../errors.js';
import { dockerfileFindings } from '../dockerfile-findings.js';
import type { Finding } from '../target.js';
import { databaseTlsFindings } from './database-tls-findings.js';
import type { StageTools } from './open-stage-tools.js';
import { stackStates } from './stage-facts.js';

export interface AwsDoctorOptions {
  readonly spec: AgentSpec;
  readonly stage: string;
  readonly directory: string;
  readonly flags: string;
  readonly tools: StageTools;
  readonly signal: AbortSignal;
}

/** Looks at everything a deploy to AWS needs, and says what is not there. Changes nothing. */
export async function awsDoctor(options: AwsDoctorOptions): Promise<readonly Finding[]> {
  const dockerfiles = [
    ...(await dockerfileFindings(options.spec, options.directory)),
    ...(await databaseTlsFindings(options.spec, options.directory)),
  ];
  const identity = await looked('credentials', async () => {
    const { arn, accountId, region } = await options.tools.aws.account.identity(options.signal);
    return [ok('credentials', arn), ok('account', `${accountId}, ${region}`)];
  });
  // Nothing else can be asked.
  if (identity.some(({ level }) => level === 'problem')) return [...identity, ...dockerfiles];
  const found = await Promise.all([
    looked('bootstrap', async () => await bootstrapFindings(options)),
    looked('secrets', async () => await secretFindings(options)),
    looked('quotas', async () => await quotaFindings(options)),
    looked('roles', async () => await roleFindings(options)),
    looked('stacks', async () => await stackFindings(options)),
    looked('alarms', async () => await alarmFindings(options)),
  ]);
  return [...identity, ...found.flat(), ...platformFindings(options), ...certificateFindings(options), ...dockerfiles];
}

/** What cannot be asked is a finding as well. */
async function looked(subject: string, look: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await look();
  } catch (error) {
    const fix = isAgentctlError(error) ? error.fix : 'run it again';
    return [{ level: 'problem', subject, message: messageOf(error), fix }];
  }
}

function ok(subject: string, message: string): Finding {
  return { level: 'ok', subject, message };
}

async function bootstrapFindings({ tools, flags, signal }: AwsDoctorOptions): Promise<readonly Finding[]> {
  const version = await tools.aws.bootstrap.version(signal);
  const bucket = await tools.aws.state.bucketName(signal);
  if (version !== undefined && (await tools.aws.state.exists(signal))) {
    return [ok('bootstrap', `version ${version}, state in ${bucket}`)];
  }
  const message = `there is no state bucket ${bucket}`;
  return [{ level: 'problem', subject: 'bootstrap', message, fix: `agentctl bootstrap ${flags}` }];
}

async function secretFindings({ spec, stage, tools, flags, signal }: AwsDoctorOptions): Promise<readonly Finding[]> {
  const start = userSecretName({ name: spec.name, stage }, '');
  const found = await tools.aws.secrets.list(start, signal);
  const known = new Set(found.flatMap(({ name, version }) => (version === null ? [] : [name.slice(start.length)])));
  const wanted = [...new Set([...spec.secrets, ...containerSecrets(spec)])];
  const missing = wanted.filter((name) => !known.has(name));
  if (wanted.length === 0) return [];
  if (missing.length === 0) return [ok('secrets', `${wanted.join(', ')}: set`)];
  return missing.map((name) => ({
    level: 'problem',
    subject: 'secrets',
    message: `no value is set for ${name}`,
    fix: `agentctl secrets set ${name} ${flags}`,
  }));
}

/** From this share on a quota is worth a word. */
const fullShare = 0.9;

async function quotaFindings({ tools, signal }: AwsDoctorOptions): Promise<readonly Finding[]> {
  const quotas = await tools.aws.checks.quotas(signal);
  return quotas.map(({ name, limit, used }): Finding => {
    const text = used === null ? `${name}: ${limit}` : `${name}: ${used} of ${limit}`;
    const isFull = limit === 0 || (used !== null && used >= limit * fullShare);
    if (!isFull) return ok('quota', text);
    return { level: 'warning', subject: 'quota', message: text, fix: 'ask for more in the Service Quotas console' };
  });
}

async function roleFindings({ spec, tools, signal }: AwsDoctorOptions): Promise<readonly Finding[]> {
  const names = [
    'AWSServiceRoleForECS',
    'AWSServiceRoleForElasticLoadBalancing',
    'AWSServiceRoleForApplicationAutoScaling_ECSService',
    ...(spec.postgres?.kind === 'managed' ? ['AWSServiceRoleForRDS'] : []),
    ...(spec.cache?.kind === 'managed' ? ['AWSServiceRoleForElastiCache'] : []),
    ...(spec.search?.kind === 'managed' ? ['AWSServiceRoleForAmazonOpenSearchService'] : []),
  ];
  const missing = await tools.aws.checks.missingRoles(names, signal);
  // All of these are made by their service at its first use, but OpenSearch's in a VPC, which CloudFormation does not make.
  return missing.map((name) =>
    name === 'AWSServiceRoleForAmazonOpenSearchService'
      ? {
          level: 'problem',
          subject: 'role',
          message: `${name} is missing: a search domain in a VPC needs it`,
          fix: 'aws iam create-service-linked-role --aws-service-name opensearchservice.amazonaws.com',
        }
      : ok('role', `${name} is made by its service at the first use`),
  );
}

async function stackFindings({ spec, stage, tools, flags, signal }: AwsDoctorOptions): Promise<readonly Finding[]> {
  const stacks = await stackStates({ name: spec.name, stage }, tools, signal);
  return stackKinds.flatMap((kind): readonly Finding[] => {
    const state = stacks[kind];
    if (state === undefined) return [];
    const { name, status, reason } = state;
    if (!/FAILED|^ROLLBACK|REVIEW_IN_PROGRESS/.test(status)) return [ok('stack', `${name}: ${status}`)];
    const message = `${name} is ${status}${reason === null ? '' : `: ${reason}`}`;
    return [
      { level: 'warning', subject: 'stack', message, fix: `agentctl deploy ${flags}, which repairs it if it can` },
    ];
  });
}

async function alarmFindings({ spec, stage, tools, signal }: AwsDoctorOptions): Promise<readonly Finding[]> {
  const firing = await tools.aws.checks.firingAlarms(`${spec.name}-${stage}-`, signal);
  if (firing.length === 0) return [ok('alarms', 'none is firing')];
  return firing.map((name) => ({
    level: 'warning',
    subject: 'alarms',
    message: `${name} is firing: ECS does not watch it during a rollout that begins now`,
    fix: 'look at it before you deploy',
  }));
}

function platformFindings({ spec }: AwsDoctorOptions): readonly Finding[] {
  const platforms = new Set(Object.values(imageSources(spec)).map((image) => platformOf(image, 'aws', 'linux/amd64')));
  return [ok('platform', [...platforms].join(', '))];
}

function certificateFindings({ spec }: AwsDoctorOptions): readonly Finding[] {
  const { domain, clouds, services } = spec;
  if (!Object.values(services).some(({ routes }) => routes.length > 0)) return [];
  if (domain === undefined) {
    return [
      {
        level: 'warning',
        subject: 'certificate',
        message: 'there is no domain: the agent answers over HTTP, without TLS',
        fix: 'set domain.name, with clouds.aws.hostedZoneId or clouds.aws.certificateArn',
      },
    ];
  }
  const { certificateArn, hostedZoneId } = clouds.aws ?? {};
  const how = certificateArn ?? (hostedZoneId === undefined ? undefined : `made and renewed for ${domain.name}`);
  if (how !== undefined) return [ok('certificate', how)];
  const message = `there is no certificate for ${domain.name}`;
  return [
    {
      level: 'problem',
      subject: 'certificate',
      message,
      fix: 'set clouds.aws.hostedZoneId or clouds.aws.certificateArn',
    },
  ];
}
