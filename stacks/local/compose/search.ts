import { containerImages } from '../container-images.js';
import type { ComposeContext } from './compose-context.js';
import type { ComposeService } from './compose-service.js';
import { dataNetwork } from './networks.js';

/**
 * One OpenSearch node, whatever `nodes` says: three on one machine survive nothing that one does not. Without the
 * security plugin, whose certificates no client would trust; only the services reach it.
 */
export function searchService({ spec }: Pick<ComposeContext, 'spec'>): ComposeService {
  return {
    image: containerImages(spec).search,
    environment: {
      'discovery.type': 'single-node',
      DISABLE_SECURITY_PLUGIN: 'true',
      OPENSEARCH_JAVA_OPTS: '-Xms512m -Xmx512m',
    },
    volumes: ['search:/usr/share/opensearch/data'],
    healthcheck: {
      test: ['CMD-SHELL', 'curl --fail --silent --output /dev/null http://127.0.0.1:9200/_cluster/health'],
      interval: '5s',
      timeout: '5s',
      retries: 12,
      start_period: '120s',
    },
    networks: [dataNetwork],
    restart: 'unless-stopped',
    stop_grace_period: '60s',
  };
}
