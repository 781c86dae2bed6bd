import type { ManagedPostgresSpec } from '../../spec/index.js';
import { containerImages } from '../container-images.js';
import { poolerCheck, poolerStart, poolerStopSignal } from '../pooler-start.js';
import type { ComposeContext } from './compose-context.js';
import type { ComposeService } from './compose-service.js';
import { literal, requiredVariable } from './interpolation.js';
import { dataNetwork } from './networks.js';
import { passwordVariable } from './password-variable.js';
import { databaseUser } from './reference-value.js';

/** `nobody` of every distribution, by number: PgBouncer refuses to run as root. */
const nobody = '65534:65534';

/** PgBouncer in front of the database; `${postgres.url}` of services and schedules leads here. */
export function poolerService(
  postgres: ManagedPostgresSpec,
  { spec, environmentFile }: ComposeContext,
): ComposeService {
  const start = poolerStart(postgres, { host: 'postgres', port: 5432, user: databaseUser });
  return {
    image: containerImages(spec).pooler,
    entrypoint: start.entrypoint.map(literal),
    environment: { [start.passwordVariable]: requiredVariable(passwordVariable('postgres', spec), environmentFile) },
    depends_on: { postgres: { condition: 'service_healthy' } },
    healthcheck: {
      test: ['CMD-SHELL', poolerCheck],
      interval: '2s',
      timeout: '5s',
      retries: 15,
      start_period: '10s',
    },
    networks: [dataNetwork],
    restart: 'unless-stopped',
    stop_signal: poolerStopSignal,
    stop_grace_period: '30s',
    user: nobody,
    read_only: true,
    tmpfs: ['/tmp'],
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
  };
}
