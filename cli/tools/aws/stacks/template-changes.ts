import type { ResourceDifference, TemplateDiff } from '@aws-cdk/cloudformation-diff';
import { loadPackage } from '../clients/load-package.js';
import type { ChangedResource, TemplateChanges } from './stack-tools.js';

/** Compares two parsed templates; `before` undefined: everything is new. `statefulTypes`: of resources that hold data. */
export async function templateChanges(
  before: unknown,
  after: unknown,
  statefulTypes: ReadonlySet<string>,
): Promise<TemplateChanges> {
  const { diffTemplate } = await loadPackage(
    '@aws-cdk/cloudformation-diff',
    () => import('@aws-cdk/cloudformation-diff'),
  );
  return changesIn(diffTemplate(templateOf(before), templateOf(after)), statefulTypes);
}

/** Pure: what a difference as the library tells it comes to. */
export function changesIn(diff: TemplateDiff, statefulTypes: ReadonlySet<string>): TemplateChanges {
  const created: ChangedResource[] = [];
  const changed: ChangedResource[] = [];
  const replaced: ChangedResource[] = [];
  const removed: ChangedResource[] = [];
  const stateful: ChangedResource[] = [];
  for (const [logicalId, difference] of Object.entries(diff.resources.changes)) {
    if (difference.isImport === true) continue;
    const impact: string = difference.changeImpact;
    const type = (difference.isRemoval ? difference.oldResourceType : difference.newResourceType) ?? '';
    const item = { logicalId, type, properties: propertiesOf(difference) };
    const holdsData = statefulTypes.has(type) || statefulTypes.has(difference.oldResourceType ?? '');
    if (difference.isAddition) created.push(item);
    else if (difference.isRemoval) removed.push(item);
    else if (impact === 'WILL_REPLACE') replaced.push(item);
    else if (isOnlyMetadata(difference)) continue;
    else changed.push(item);
    if (holdsData && !difference.isAddition && (difference.isRemoval || /REPLACE/.test(impact))) stateful.push(item);
  }
  return {
    created: byId(created),
    changed: byId(changed),
    replaced: byId(replaced),
    removed: byId(removed),
    iamWidening: wideningIn(diff),
    stateful: byId(stateful),
  };
}

/** Pure: what is in a change that has to be allowed and was not; empty: nothing. */
export function refusedChanges(
  { removed, iamWidening, stateful, replaced }: TemplateChanges,
  {
    allowWidening = false,
    allowReplace = [],
  }: { readonly allowWidening?: boolean; readonly allowReplace?: readonly string[] },
): { readonly always: readonly ChangedResource[]; readonly unlessConfirmed: readonly string[] } {
  const always = stateful.filter(({ logicalId }) => !allowReplace.includes(logicalId));
  const unlessConfirmed = allowWidening
    ? []
    : [
        ...iamWidening.map((line) => `permits more: ${line}`),
        ...removed.map(({ logicalId, type }) => `removes ${logicalId} (${type})`),
        ...replaced.map(
          ({ logicalId, type, properties }) => `replaces ${logicalId} (${type}): ${properties.join(', ')}`,
        ),
      ];
  return { always, unlessConfirmed };
}

function propertiesOf(difference: ResourceDifference): readonly string[] {
  return difference.isAddition || difference.isRemoval ? [] : Object.keys(difference.propertyUpdates).toSorted();
}

/** Nothing is done about those. */
function isOnlyMetadata(difference: ResourceDifference): boolean {
  return (
    Object.keys(difference.propertyUpdates).length === 0 &&
    Object.keys(difference.otherChanges).every((name) => name === 'Metadata')
  );
}

function wideningIn({ iamChanges, securityGroupChanges }: TemplateDiff): readonly string[] {
  // What is allowed more, and what is denied no more.
  const statements = [
    ...iamChanges.statements.additions.map((statement) => ({ added: true, ...statement.render() })),
    ...iamChanges.statements.removals.map((statement) => ({ added: false, ...statement.render() })),
  ]
    .filter(({ added, effect }) => added !== (effect === 'Deny'))
    .map(({ added, action, resource, principal, condition }) => {
      const who = principal === '' ? '' : ` by ${oneLine(principal)}`;
      const verb = added ? 'Allow' : 'no longer deny';
      return `${verb} ${oneLine(action)} on ${oneLine(resource)}${who}${condition === '' ? '' : ' under a condition'}`;
    });
  const policies = iamChanges.managedPolicies.additions.map(
    ({ identityArn, managedPolicyArn }) => `${identityArn} gets ${managedPolicyArn}`,
  );
  const rules = securityGroupChanges.ingress.additions.map(
    (rule) => `ingress to ${rule.groupId} from ${rule.describePeer()}: ${rule.describeProtocol()}`,
  );
  return [...statements, ...policies, ...rules].toSorted();
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ', ');
}

function byId(resources: readonly ChangedResource[]): readonly ChangedResource[] {
  return resources.toSorted((a, b) => a.logicalId.localeCompare(b.logicalId, 'en'));
}

function templateOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
