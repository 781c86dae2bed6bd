import { at, listOf, resourcesOf, textsIn } from '../template.js';
import type { TemplateRule } from '../template-rule.js';

/** By digest; images of others (pooler, dumps), whose digests differ by mirror, by a tag that is a version. */
const pinned = /@sha256:[0-9a-f]{64}$|^[\w./-]+:v?\d[\w.-]*$/;

/** CKV_K8S_43 has the same for Kubernetes; nothing asks it of ECS. */
export const imageByDigest: TemplateRule = {
  id: 'image-by-digest',
  reason: 'a tag can be moved after the deploy that used it',
  check: (template) =>
    resourcesOf(template, 'AWS::ECS::TaskDefinition').flatMap(([logicalId, { Properties }]) =>
      listOf(at(Properties, 'ContainerDefinitions'))
        .filter((container) => ![...textsIn(at(container, 'Image'))].some(([, text]) => pinned.test(text)))
        .map((container) => ({ logicalId, message: `container ${String(at(container, 'Name'))} has no digest` })),
    ),
};
