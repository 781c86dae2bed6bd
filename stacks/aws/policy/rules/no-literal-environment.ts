import { at, listOf, resourcesOf } from '../template.js';
import type { TemplateRule } from '../template-rule.js';

/** AwsSolutions-ECS2, CT.ECS.PR.12. */
export const noLiteralEnvironment: TemplateRule = {
  id: 'no-literal-environment',
  reason: 'a task definition can be read by many; parameters and secrets have permissions of their own',
  check: (template) =>
    resourcesOf(template, 'AWS::ECS::TaskDefinition').flatMap(([logicalId, { Properties }]) =>
      listOf(at(Properties, 'ContainerDefinitions'))
        .filter((container) => listOf(at(container, 'Environment')).length > 0)
        .map((container) => ({ logicalId, message: `container ${String(at(container, 'Name'))} has Environment` })),
    ),
};
