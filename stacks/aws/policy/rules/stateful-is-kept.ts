import { at, resourcesOf } from '../template.js';
import type { TemplateRule } from '../template-rule.js';
import { statefulTypes } from '../stateful-types.js';

/** CT.RDS.PR.13, AwsSolutions-RDS10, and the same for what has no protection of its own. */
export const statefulIsKept: TemplateRule = {
  id: 'stateful-is-kept',
  reason: 'removing a part from a stack must not remove its data',
  check: (template) =>
    resourcesOf(template, ...Object.keys(statefulTypes)).flatMap(([logicalId, resource]) => {
      const { protection } = statefulTypes[resource.Type] ?? {};
      const isReplica = at(resource.Properties, 'SourceDBInstanceIdentifier') !== undefined;
      if (isReplica) return [];
      const problems = [
        ...(resource.DeletionPolicy === 'Retain' ? [] : [`DeletionPolicy is ${String(resource.DeletionPolicy)}`]),
        ...(resource.UpdateReplacePolicy === 'Retain'
          ? []
          : [`UpdateReplacePolicy is ${String(resource.UpdateReplacePolicy)}`]),
        ...(protection === undefined || at(resource.Properties, protection) === true
          ? []
          : [`${protection} is not set`]),
      ];
      return problems.map((message) => ({ logicalId, message: `${resource.Type}: ${message}` }));
    }),
};
