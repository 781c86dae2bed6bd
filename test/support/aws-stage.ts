import type { ReleaseRecord } from '../../cli/ledger/release-record.js';
import type { AwsFacts } from '../../cli/targets/aws/aws-facts.js';
import { currentMarker, recordedVersions } from '../../cli/targets/aws/used-secrets.js';
import type { StackState } from '../../cli/tools/aws/stacks/stack-tools.js';
import type { StageRequest } from '../../cli/steps/aws/stage-request.js';
import { agentSchema } from '../../stacks/spec/index.js';

/** An agent with a service behind the load balancer, a worker with an image of its own, and two migrations. */
export const supportAgent = agentSchema.parse({
  name: 'support-agent',
  image: { build: { context: '.' }, platform: 'linux/arm64' },
  env: { DATABASE_URL: '${postgres.url}' },
  secrets: ['OPENAI_API_KEY'],
  services: {
    api: {
      command: ['node', 'server.js'],
      port: 8000,
      routes: [{ path: '/' }],
      health: { readiness: '/health' },
      scale: { min: 2 },
    },
    worker: { command: ['node', 'worker.js'], image: { build: { context: 'worker' } } },
  },
  migrations: [
    { name: 'schema', command: ['node', 'migrate.js'], snapshot: true },
    { name: 'seed', command: ['node', 'seed.js'], timeout: '1m' },
  ],
  postgres: { database: 'agent' },
  clouds: { aws: { region: 'us-east-1' } },
});

export const repository = '111122223333.dkr.ecr.us-east-1.amazonaws.com/agentctl/support-agent/production';

/** `sha256:` and one digit 64 times. */
export function digest(digit: string): string {
  return `sha256:${digit.repeat(64)}`;
}

const openAiKey = 'agentctl/support-agent/production/secrets/OPENAI_API_KEY';

/** An account in which only the user's secret is set. */
export const nothingDeployed: AwsFacts = {
  scope: { name: 'support-agent', stage: 'production' },
  records: [],
  damaged: [],
  stacks: {},
  versions: new Map([[openAiKey, 'one']]),
  pending: new Set(),
  sources: { '.': { content: digest('a'), image: null }, worker: { content: digest('b'), image: null } },
  repository: null,
  git: { sha: 'c0ffee1234567890', dirty: false },
  isUnchanged: false,
  changes: [],
  dropsParts: false,
  user: 'ann',
  host: 'laptop',
  now: '2026-11-20T10:15:02.000Z',
  runId: '20261120-101502000-3f9c',
};

/** A stack that is as it should be. */
export function stack(name: string, outputs: Readonly<Record<string, string>>, status = 'UPDATE_COMPLETE'): StackState {
  const id = `arn:aws:cloudformation:us-east-1:111122223333:stack/${name}/1`;
  const changedAt = '2026-11-19T10:00:00.000Z';
  return { name, id, status, reason: null, outputs, parameters: {}, tags: {}, changedAt, isProtected: true };
}

export const foundationOutputs = {
  ClusterName: 'support-agent-production',
  TaskSecurityGroupId: 'sg-1',
  AppSubnetIds: 'subnet-1,subnet-2',
  LogGroupName: '/agentctl/support-agent/production',
  RepositoryUri: repository,
  AlertTopicArn: 'arn:aws:sns:us-east-1:111122223333:alerts',
  Url: 'https://agent.example.com',
  PostgresHost: 'db.internal',
  PostgresPort: '5432',
  PostgresInstanceId: 'support-agent-production-postgres',
};

export const serviceOutputs = {
  ServiceApiName: 'api',
  ServiceApiTaskDefinition: 'arn:aws:ecs:us-east-1:111122223333:task-definition/api:7',
  ServiceApiTargetGroup: 'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/api/1',
  ServiceWorkerName: 'worker',
  ServiceWorkerTaskDefinition: 'arn:aws:ecs:us-east-1:111122223333:task-definition/worker:7',
};

/** The request of a release whose images are there. */
export function request(release: string, digit = '1'): StageRequest {
  const images = { '.': `${repository}@${digest(digit)}`, worker: `${repository}@${digest('2')}` };
  return { spec: supportAgent, stage: 'production', release, images, secretsMarker: 'marker' };
}

/** A release in the ledger. */
export function record(id: string, changes: Partial<ReleaseRecord> = {}): ReleaseRecord {
  const { images } = request(id);
  return {
    recordVersion: 1,
    id,
    name: 'support-agent',
    action: 'deploy',
    origin: id,
    createdAt: '2026-11-19T10:00:00.000Z',
    by: { user: 'ann', host: 'laptop' },
    git: null,
    specHash: 'before',
    digests: { api: images['.']?.split('@')[1] ?? '', worker: digest('2') },
    migrations: ['schema', 'seed'],
    schema: { before: null, after: 'alembic:1' },
    secrets: recordedVersions(request(id), nothingDeployed),
    contentHash: 'content',
    outcome: 'released',
    manifest: { request: { ...request(id), secretsMarker: currentMarker(request(id), nothingDeployed) } },
    ...changes,
  };
}

/** A stage on which r1 serves. */
export const deployed: AwsFacts = {
  ...nothingDeployed,
  records: [record('r1')],
  stacks: {
    foundation: stack('support-agent-production-foundation', foundationOutputs),
    migrations: stack('support-agent-production-migrations', {}),
    service: stack('support-agent-production-service', serviceOutputs),
  },
  repository,
};
