import type { ResourceChangeDetail, ResourceTargetDefinition } from '@aws-sdk/client-cloudformation';
import type { Properties } from '../../resource-type.js';
import type { KnownResourceType } from '../../resources/find-resource-type.js';
import { knownAfterApply } from './known-after-apply.js';
import type { StackResource } from './stack.js';
import type { TemplateResource } from './template.js';

/** One detail for each property that changes. */
export function propertyDetails(
  known: StackResource,
  definition: TemplateResource,
  properties: Properties,
  names: readonly string[],
  type: KnownResourceType,
  withValues: boolean,
): ResourceChangeDetail[] {
  return names.map((name) => {
    const [before, after] = [known.properties[name], properties[name]];
    const isLater = JSON.stringify(after ?? '').includes(knownAfterApply);
    const target: ResourceTargetDefinition = {
      Attribute: name === 'Tags' ? 'Tags' : 'Properties',
      ...(name !== 'Tags' && { Name: name }),
      RequiresRecreation: type.always.has(name) ? 'Always' : type.maybe.has(name) ? 'Conditionally' : 'Never',
      Path: `/Properties/${name}`,
      AttributeChangeType: before === undefined ? 'Add' : after === undefined ? 'Remove' : 'Modify',
      ...(withValues && before !== undefined && { BeforeValue: text(before) }),
      ...(withValues && after !== undefined && { AfterValue: text(after) }),
    };
    const cause = isLater ? causeOf(definition.Properties[name]) : undefined;
    return {
      Target: target,
      Evaluation: isLater ? 'Dynamic' : 'Static',
      ChangeSource:
        cause === undefined ? 'DirectModification' : cause.includes('.') ? 'ResourceAttribute' : 'ResourceReference',
      ...(cause !== undefined && { CausingEntity: cause }),
    };
  });
}

/** The first resource, or attribute of one, that a value names. */
function causeOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, item] of Object.entries(value)) {
    if (key === 'Ref' && !String(item).startsWith('AWS::')) return String(item);
    if (key === 'Fn::GetAtt') return Array.isArray(item) ? item.join('.') : String(item);
    const inner = causeOf(item);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
