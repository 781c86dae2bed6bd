import { at, blocksIn, listOf } from '../../../stage/values.js';
import { resourcesOf } from '../configuration.js';
import type { ConfigurationRule } from '../configuration-rule.js';

const digest = /@sha256:[0-9a-f]{64}$/;

/**
 * The pooler: an image of others whose digest differs from mirror to mirror, so it is pinned by version. A test holds it
 * against the name in constructs/gcp, which this file cannot import: it loads no cloud library.
 */
const pinnedByVersion = /^docker\.io\/edoburu\/pgbouncer:v\d+\.\d+\.\d+-p\d+$/;

/** CKV_K8S_43 has the same for Kubernetes; nothing asks it of Cloud Run. */
export const imageByDigest: ConfigurationRule = {
  id: 'image-by-digest',
  reason: 'a tag can be moved after the deploy that used it',
  check: (configuration) =>
    resourcesOf(
      configuration,
      'google_cloud_run_v2_service',
      'google_cloud_run_v2_job',
      'google_cloud_run_v2_worker_pool',
    ).flatMap(([address, values]) =>
      [...blocksIn(values, 'containers')]
        .flatMap((containers) => (Array.isArray(containers) ? listOf(containers) : [containers]))
        .filter((container) => !isPinned(String(at(container, 'image'))))
        .map((container) => ({ address, message: `container ${String(at(container, 'name'))} has no digest` })),
    ),
};

function isPinned(image: string): boolean {
  return digest.test(image) || pinnedByVersion.test(image);
}
