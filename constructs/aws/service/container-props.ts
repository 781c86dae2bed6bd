import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { SearchProxyProps } from './search-proxy.js';

/** What one container is, the same for services, tasks and schedules. */
export interface ContainerProps {
  readonly image: ecs.ContainerImage;
  /** What to run, one item per argument. @default - the command of the image */
  readonly command?: readonly string[];
  /** Variables, each from Secrets Manager or Parameter Store: a literal could be read in the template and the console. @default - none */
  readonly environment?: Readonly<Record<string, ecs.Secret>>;
  /** Key that the secrets of `environment` are encrypted with, where they are referred to by name. @default - known from the secrets */
  readonly secretsKey?: kms.IKey;
  /** CPU units, 1024 to a vCPU. @default 1024 */
  readonly cpuUnits?: number;
  /** Memory of the task. @default 2048 */
  readonly memoryMiB?: number;
  /** Processor the image is built for. @default ARM64 */
  readonly cpuArchitecture?: ecs.CpuArchitecture;
  /** `user` or `user:group` the process runs as; never root. @default '10001:10001' */
  readonly user?: string;
  /** Directories that can be written, in memory; all others are read-only. @default ['/tmp'] */
  readonly writablePaths?: readonly string[];
  /** Most that each of `writablePaths` can hold; part of the task's memory. @default - a quarter of the memory */
  readonly writablePathMiB?: number;
  /** What the process may do in AWS. @default - a role of its own that may do nothing */
  readonly taskRole?: iam.IRole;
  /** Signs requests to OpenSearch with `taskRole`. @default - none */
  readonly searchProxy?: SearchProxyProps;
  /** Docker labels; one that changes makes a new revision. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Where the output goes. @default - a log group of its own */
  readonly logGroup?: logs.ILogGroup;
  /** What the names of its log streams begin with: `PREFIX/app/TASK`. @default - the name of the service; `task`, `schedule` */
  readonly logPrefix?: string;
  /** How long the output is kept in a log group of its own. @default THREE_MONTHS */
  readonly logRetention?: logs.RetentionDays;
  /** Encrypts a log group of its own; its policy has to let CloudWatch Logs in. @default - a key that AWS manages */
  readonly encryptionKey?: kms.IKey;
}
