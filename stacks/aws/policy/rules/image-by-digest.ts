import { at, listOf, resourcesOf, textsIn } from '../template.js';
import type { TemplateRule } from '../template-rule.js';

/** CKV_K8S_43 has the same for Kubernetes; nothing asks it of ECS. */
export const imageByDigest: TemplateRule = {
  id: 'image-by-digest',
  reason: 'a tag can be moved after the deploy that used it',
  check: (template) =>
    resourcesOf(template, 'AWS::ECS::TaskDefinition').flatMap(([logicalId, { Properties }]) =>
      listOf(at(Properties, 'ContainerDefinitions'))
        .filter(
          (container) => ![...textsIn(at(container, 'Image'))].some(([, text]) => /@sha256:[0-9a-f]{64}$/.test(text)),
        )
        .map((container) => ({ logicalId, message: `container ${String(at(container, 'Name'))} has no digest` })),
    ),
};
