import { pgbouncerPasswordVariable, pgbouncerPort, pgbouncerStart } from '../../pooler/pgbouncer-start.js';
import { isWholeNumber } from '../../checks/whole-number.js';
import { literalText } from '../literal-text.js';
import type { SecretReference } from './container-props.js';

/** PgBouncer beside a container: it answers at 127.0.0.1:5432. */
export interface PoolerProps {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly databaseName: string;
  readonly password: SecretReference;
  /** Connections to the database, of each instance. */
  readonly serverConnections: number;
  /** @default 1000 */
  readonly clientConnections?: number;
  /** PgBouncer publishes none; edoburu’s is built from the release tarball. @default edoburu/pgbouncer:v1.25.2-p0 */
  readonly image?: string;
}

/** Name of the container. */
export const poolerContainer = 'pooler';
/** By version, as digests differ between the registries that have it. */
export const poolerImage = 'docker.io/edoburu/pgbouncer:v1.25.2-p0';

/** Pure: what is wrong with a pooler. */
export function poolerProblems(pooler: PoolerProps | undefined): readonly (string | false)[] {
  if (pooler === undefined) return [];
  const { serverConnections, clientConnections = 1000 } = pooler;
  return [
    !isWholeNumber(serverConnections, 1, 10_000) &&
      `pooler.serverConnections ${serverConnections} is not a whole number from 1`,
    !isWholeNumber(clientConnections, 1, 100_000) &&
      `pooler.clientConnections ${clientConnections} is not a whole number from 1`,
  ];
}

/** Pure: entry point and check; the main container starts once it listens. */
export function poolerTemplate(pooler: PoolerProps) {
  return {
    name: poolerContainer,
    image: pooler.image ?? poolerImage,
    command: ['sh'],
    args: [...startArguments(pooler)],
    env: [{ name: pgbouncerPasswordVariable, valueSource: { secretKeyRef: pooler.password } }],
    resources: { limits: { cpu: '1', memory: '512Mi' } },
  };
}

/** The script is full of `${`, and the host may be a reference of Terraform: only that stays one. */
function startArguments(pooler: PoolerProps): readonly string[] {
  const script = pgbouncerStart({
    host: hostPlace,
    port: pooler.port,
    user: pooler.username,
    database: pooler.databaseName,
    serverConnections: pooler.serverConnections,
    clientConnections: pooler.clientConnections ?? 1000,
    // The file system of the second generation is memory, and may be written.
    directory: '/tmp',
  });
  // The first item is the entry point.
  return script.slice(1).map((item) => literalText(item).replaceAll(hostPlace, () => pooler.host));
}

const hostPlace = '<host>';

/** The pooler listens. */
export const poolerProbe = {
  tcpSocket: { port: pgbouncerPort },
  periodSeconds: 2,
  timeoutSeconds: 1,
  failureThreshold: 60,
};
