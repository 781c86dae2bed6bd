import { containerImages } from '../container-images.js';
import type { ComposeContext } from './compose-context.js';
import type { ComposeService } from './compose-service.js';
import { requiredVariable } from './interpolation.js';
import { dataNetwork } from './networks.js';
import { passwordVariable } from './password-variable.js';
import { databaseUser } from './reference-value.js';
import { valkeyService } from './valkey.js';

/** Memory of a Redis that is only a queue, in MiB: what `cache.memory` is when it is not set. */
const queueMemoryMiB = 1024;

/** The broker, when it is not the cache.
 * @throws Error for a queue that only a cloud has; by now the spec was checked
 */
export function queueService(engine: 'redis' | 'rabbitmq' | 'managed', context: ComposeContext): ComposeService {
  switch (engine) {
    case 'redis':
      return valkeyService('queue', queueMemoryMiB, context);
    case 'rabbitmq':
      return rabbitmqService(context);
    case 'managed':
      throw new Error('a managed queue exists only in a cloud');
  }
}

function rabbitmqService({ spec, environmentFile }: ComposeContext): ComposeService {
  return {
    image: containerImages(spec).rabbitmq,
    // Its data directory is named after the host.
    hostname: 'queue',
    environment: {
      RABBITMQ_DEFAULT_USER: databaseUser,
      RABBITMQ_DEFAULT_PASS: requiredVariable(passwordVariable('queue', spec), environmentFile),
    },
    volumes: ['queue:/var/lib/rabbitmq'],
    healthcheck: {
      test: ['CMD', 'rabbitmq-diagnostics', '--quiet', 'check_port_connectivity'],
      interval: '10s',
      timeout: '10s',
      retries: 5,
      start_period: '60s',
    },
    networks: [dataNetwork],
    restart: 'unless-stopped',
  };
}
