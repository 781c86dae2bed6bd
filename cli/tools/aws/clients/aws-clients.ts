import type { CloudFormation } from '@aws-sdk/client-cloudformation';
import type { CloudWatch } from '@aws-sdk/client-cloudwatch';
import type { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import type { EC2 } from '@aws-sdk/client-ec2';
import type { ECR } from '@aws-sdk/client-ecr';
import type { ECS } from '@aws-sdk/client-ecs';
import type { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { IAM } from '@aws-sdk/client-iam';
import type { RDS } from '@aws-sdk/client-rds';
import type { S3 } from '@aws-sdk/client-s3';
import type { SecretsManager } from '@aws-sdk/client-secrets-manager';
import type { ServiceQuotas } from '@aws-sdk/client-service-quotas';
import type { STS } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentityProvider, MiddlewareStack } from '@smithy/types';
import type { AwsToolsOptions } from '../aws-tools.js';
import { awsFailure, noRegion } from './aws-failure.js';
import { loadPackage } from './load-package.js';

/** One client per service; each loads its package and is made when it is asked for first. */
export interface AwsClients {
  readonly cloudFormation: () => Promise<CloudFormation>;
  readonly cloudWatch: () => Promise<CloudWatch>;
  readonly ec2: () => Promise<EC2>;
  readonly ecr: () => Promise<ECR>;
  readonly ecs: () => Promise<ECS>;
  readonly iam: () => Promise<IAM>;
  readonly loadBalancers: () => Promise<ElasticLoadBalancingV2>;
  readonly logs: () => Promise<CloudWatchLogs>;
  readonly quotas: () => Promise<ServiceQuotas>;
  readonly rds: () => Promise<RDS>;
  readonly s3: () => Promise<S3>;
  readonly secrets: () => Promise<SecretsManager>;
  readonly sts: () => Promise<STS>;
  readonly region: () => Promise<string>;
  /** The credentials that every client uses. */
  readonly credentials: () => Promise<AwsCredentialIdentityProvider>;
  /** Closes the connections of those that were made. */
  close(): void;
}

/** A connection that is not there after so long will not be; agentctl waits by polling, never in a call. */
const connectionTimeoutMilliseconds = 5_000;
const requestTimeoutMilliseconds = 30_000;
/** The SDK's own retries of one call, the first try included. Beyond that the engine decides. */
const maxAttempts = 5;

interface ClientConfig {
  readonly region: string;
  readonly credentials: AwsCredentialIdentityProvider;
  readonly maxAttempts: number;
  readonly requestHandler: { readonly connectionTimeout: number; readonly requestTimeout: number };
  readonly endpoint?: string;
}

interface AnyClient<I extends object, O extends object> {
  readonly middlewareStack: MiddlewareStack<I, O>;
  destroy(): void;
}

/** Opens nothing before a client is asked for. */
export function awsClients(options: AwsToolsOptions): AwsClients {
  const { environment } = options;
  const profile = options.profile ?? environment['AWS_PROFILE'];
  const keys = profile === undefined ? keysIn(environment) : undefined;
  const made: { destroy(): void }[] = [];

  const region = once(async (): Promise<string> => {
    const named = options.region ?? environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'];
    if (named !== undefined && named !== '') return named;
    const { STS } = await loadPackage('@aws-sdk/client-sts', () => import('@aws-sdk/client-sts'));
    return await new STS(profile === undefined ? {} : { profile }).config.region().catch((error: unknown) => {
      throw noRegion(error);
    });
  });
  const credentials = once(async (): Promise<AwsCredentialIdentityProvider> => {
    if (keys !== undefined) return () => Promise.resolve(keys);
    const { fromNodeProviderChain } = await loadPackage(
      '@aws-sdk/credential-providers',
      () => import('@aws-sdk/credential-providers'),
    );
    return fromNodeProviderChain(profile === undefined ? {} : { profile });
  });
  const configuration = once(async (): Promise<ClientConfig> => {
    const endpoint = environment['AWS_ENDPOINT_URL'];
    return {
      region: await region(),
      credentials: await credentials(),
      maxAttempts,
      requestHandler: {
        connectionTimeout: connectionTimeoutMilliseconds,
        requestTimeout: requestTimeoutMilliseconds,
      },
      ...(endpoint === undefined || endpoint === '' ? {} : { endpoint }),
    };
  });

  const client = <M, I extends object, O extends object, C extends AnyClient<I, O>>(
    service: string,
    name: string,
    load: () => Promise<M>,
    make: (sdk: M, config: ClientConfig) => C & AnyClient<I, O>,
  ): (() => Promise<C>) =>
    once(async () => {
      const sdk = await loadPackage(name, load);
      const created = make(sdk, await configuration());
      created.middlewareStack.add(
        (next, { commandName = '' }) =>
          async (args) => {
            try {
              return await next(args);
            } catch (error) {
              const operation = commandName.replace(/Command$/, '');
              throw awsFailure(error, { service, operation, profile, hasKeys: keys !== undefined });
            }
          },
        { step: 'initialize', priority: 'high', name: 'agentctlFailure' },
      );
      made.push(created);
      return created;
    });

  return {
    region,
    credentials,
    close: () => {
      for (const created of made) created.destroy();
    },
    cloudFormation: client(
      'cloudformation',
      '@aws-sdk/client-cloudformation',
      () => import('@aws-sdk/client-cloudformation'),
      ({ CloudFormation }, config) => new CloudFormation(config),
    ),
    cloudWatch: client(
      'cloudwatch',
      '@aws-sdk/client-cloudwatch',
      () => import('@aws-sdk/client-cloudwatch'),
      ({ CloudWatch }, config) => new CloudWatch(config),
    ),
    ec2: client(
      'ec2',
      '@aws-sdk/client-ec2',
      () => import('@aws-sdk/client-ec2'),
      ({ EC2 }, config) => new EC2(config),
    ),
    ecr: client(
      'ecr',
      '@aws-sdk/client-ecr',
      () => import('@aws-sdk/client-ecr'),
      ({ ECR }, config) => new ECR(config),
    ),
    ecs: client(
      'ecs',
      '@aws-sdk/client-ecs',
      () => import('@aws-sdk/client-ecs'),
      ({ ECS }, config) => new ECS(config),
    ),
    iam: client(
      'iam',
      '@aws-sdk/client-iam',
      () => import('@aws-sdk/client-iam'),
      ({ IAM }, config) => new IAM(config),
    ),
    loadBalancers: client(
      'elasticloadbalancing',
      '@aws-sdk/client-elastic-load-balancing-v2',
      () => import('@aws-sdk/client-elastic-load-balancing-v2'),
      ({ ElasticLoadBalancingV2 }, config) => new ElasticLoadBalancingV2(config),
    ),
    logs: client(
      'logs',
      '@aws-sdk/client-cloudwatch-logs',
      () => import('@aws-sdk/client-cloudwatch-logs'),
      ({ CloudWatchLogs }, config) => new CloudWatchLogs(config),
    ),
    quotas: client(
      'servicequotas',
      '@aws-sdk/client-service-quotas',
      () => import('@aws-sdk/client-service-quotas'),
      ({ ServiceQuotas }, config) => new ServiceQuotas(config),
    ),
    rds: client(
      'rds',
      '@aws-sdk/client-rds',
      () => import('@aws-sdk/client-rds'),
      ({ RDS }, config) => new RDS(config),
    ),
    // With an endpoint of one's own there is no name for every bucket.
    s3: client(
      's3',
      '@aws-sdk/client-s3',
      () => import('@aws-sdk/client-s3'),
      ({ S3 }, config) => new S3({ ...config, forcePathStyle: config.endpoint !== undefined }),
    ),
    secrets: client(
      'secretsmanager',
      '@aws-sdk/client-secrets-manager',
      () => import('@aws-sdk/client-secrets-manager'),
      ({ SecretsManager }, config) => new SecretsManager(config),
    ),
    sts: client(
      'sts',
      '@aws-sdk/client-sts',
      () => import('@aws-sdk/client-sts'),
      ({ STS }, config) => new STS(config),
    ),
  };
}

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Those of the environment that was handed in, which need not be this process's own. */
function keysIn(environment: AwsToolsOptions['environment']): Keys | undefined {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment;
  const sessionToken = environment['AWS_SESSION_TOKEN'];
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

/** Does the work once, for all who ask; again after it has failed. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let done: Promise<T> | undefined;
  return async () => {
    done ??= work().catch((error: unknown) => {
      done = undefined;
      throw error;
    });
    return await done;
  };
}
