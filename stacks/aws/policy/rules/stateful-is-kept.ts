import { at, resourcesOf, type Template, type TemplateResource, textsIn } from '../template.js';
import type { TemplateRule } from '../template-rule.js';
import { statefulTypes } from '../stateful-types.js';

/** The latter lets go of what a first deploy made before it failed: nothing is in it. */
const kept: ReadonlySet<string | undefined> = new Set(['Retain', 'RetainExceptOnCreate']);

/** CT.RDS.PR.13, AwsSolutions-RDS10, and the same for what has no protection of its own. */
export const statefulIsKept: TemplateRule = {
  id: 'stateful-is-kept',
  reason: 'removing a part from a stack must not remove its data',
  check: (template) => {
    const deadLetters = deadLetterQueues(template);
    const holdsData = ([logicalId, resource]: [string, TemplateResource]): boolean =>
      !deadLetters.has(logicalId) && !isReplica(resource);
    const stateful = resourcesOf(template, ...Object.keys(statefulTypes)).filter(holdsData);
    return stateful.flatMap(([logicalId, resource]) => {
      const { protection } = statefulTypes[resource.Type] ?? {};
      const problems = [
        ...(kept.has(resource.DeletionPolicy) ? [] : [`DeletionPolicy is ${String(resource.DeletionPolicy)}`]),
        ...(resource.UpdateReplacePolicy === 'Retain'
          ? []
          : [`UpdateReplacePolicy is ${String(resource.UpdateReplacePolicy)}`]),
        ...(protection === undefined || at(resource.Properties, protection) === true
          ? []
          : [`${protection} is not set`]),
      ];
      return problems.map((message) => ({ logicalId, message: `${resource.Type}: ${message}` }));
    });
  },
};

/** Its data is that of its source. */
function isReplica({ Properties }: TemplateResource): boolean {
  return at(Properties, 'SourceDBInstanceIdentifier') !== undefined;
}

/** Logical ids of what a queue, or a schedule, puts aside into. */
function deadLetterQueues(template: Template): ReadonlySet<string> {
  const texts = resourcesOf(template).flatMap(([, { Properties }]) => [...textsIn(Properties)]);
  return new Set(
    texts.flatMap(([path, text]) =>
      path.some((name) => name === 'deadLetterTargetArn' || name === 'DeadLetterConfig') ? [text] : [],
    ),
  );
}
