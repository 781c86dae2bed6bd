import { at, listOf, resourcesOf, textsIn } from '../template.js';
import type { TemplateRule } from '../template-rule.js';

const digest = /@sha256:[0-9a-f]{64}$/;

/**
 * The pooler, the dumps and the proxy that signs: images of others whose digest differs from mirror to mirror, so they are pinned by version. A test
 * holds them against the names in constructs/aws, which this file cannot import: it loads no cloud library.
 */
const pinnedByVersion: readonly RegExp[] = [
  /^edoburu\/pgbouncer:v\d+\.\d+\.\d+-p\d+$/,
  /^public\.ecr\.aws\/aws-observability\/aws-sigv4-proxy:\d+\.\d+(\.\d+)?$/,
  /^siemens\/postgres-backup-s3:\d+$/,
];

/** CKV_K8S_43 has the same for Kubernetes; nothing asks it of ECS. */
export const imageByDigest: TemplateRule = {
  id: 'image-by-digest',
  reason: 'a tag can be moved after the deploy that used it',
  check: (template) =>
    resourcesOf(template, 'AWS::ECS::TaskDefinition').flatMap(([logicalId, { Properties }]) =>
      listOf(at(Properties, 'ContainerDefinitions'))
        .filter((container) => !isPinned(at(container, 'Image')))
        .map((container) => ({ logicalId, message: `container ${String(at(container, 'Name'))} has no digest` })),
    ),
};

function isPinned(image: unknown): boolean {
  if (typeof image === 'string' && pinnedByVersion.some((pattern) => pattern.test(image))) return true;
  return [...textsIn(image)].some(([, text]) => digest.test(text));
}
