import { AgentctlError } from '../../errors.js';
import { iamWidening } from './iam-widening.js';
import type { PlanContent, ResourceChange } from './plan-content.js';
import type { DeployTerraformOptions, PlanChanges, PlannedResource } from './terraform-tools.js';

/** Pure: whether a resource would be replaced only because its creation failed, and is put right in place instead. */
export function isMended({ type, action_reason: reason }: ResourceChange, mendedTypes: ReadonlySet<string>): boolean {
  return reason === 'replace_because_tainted' && mendedTypes.has(type);
}

/** Pure: what a plan comes to. Nothing of it is a value, but roles, members and ranges that are not sensitive. */
export function planChanges(
  { resource_changes: all, output_changes: outputs }: PlanContent,
  statefulTypes: ReadonlySet<string>,
  mendedTypes: ReadonlySet<string> = new Set(),
): PlanChanges {
  const managed = all.filter(({ mode }) => mode === 'managed');
  const of = (kind: Kind): readonly PlannedResource[] =>
    managed
      .filter((item) => (isMended(item, mendedTypes) ? 'changed' : kindOf(item.change.actions)) === kind)
      .map((item) => ({
        address: item.address,
        type: item.type,
        attributes: isMended(item, mendedTypes) ? [] : attributesOf(item, kind),
      }))
      .toSorted((a, b) => a.address.localeCompare(b.address, 'en'));
  const [replaced, removed] = [of('replaced'), of('removed')];
  return {
    created: of('created'),
    changed: of('changed'),
    replaced,
    removed,
    forgotten: of('forgotten'),
    iamWidening: managed.flatMap(iamWidening).toSorted(),
    stateful: [...replaced, ...removed].filter(({ type }) => statefulTypes.has(type)),
    outputs: Object.keys(outputs)
      .filter((name) => !outputs[name]?.actions.every((action) => action === 'no-op'))
      .toSorted(),
  };
}

/** Pure: whether a plan is the first of its state, so that all it permits is new. */
export function isFirst({ prior_state: before }: PlanContent): boolean {
  // Data sources are read before, and are there the first time as well.
  return !(before?.values?.root_module.resources ?? []).some(({ mode }) => mode === 'managed');
}

/** Pure: why a plan may not be applied; undefined: it may. */
export function planRefusal(
  stack: string,
  changes: PlanChanges,
  {
    allowWidening = false,
    allowReplace = [],
    first = false,
  }: Pick<DeployTerraformOptions, 'allowWidening' | 'allowReplace'> & { readonly first?: boolean },
): AgentctlError | undefined {
  const { stateful, removed, replaced } = changes;
  const lost = stateful.filter(({ address }) => !allowReplace.includes(address));
  const [one] = lost;
  if (one !== undefined) {
    const verb = removed.includes(one) ? 'remove' : 'replace';
    return new AgentctlError('Refused', `stack ${stack} would ${verb} ${one.address}, and its data`, {
      fix: `undo the change in agentctl.yaml; or, if that data may go: --allow-replace ${one.address}`,
      detail: lost.map(lineOf).join('\n'),
      data: { stack, stateful: lost },
    });
  }
  const unlessConfirmed = [
    ...(first ? [] : changes.iamWidening.map((line) => `permits more: ${line}`)),
    ...removed.map((item) => `removes ${lineOf(item)}`),
    ...replaced.map((item) => `replaces ${lineOf(item)}`),
  ];
  if (allowWidening || unlessConfirmed.length === 0) return undefined;
  return new AgentctlError('Refused', `stack ${stack} would permit more, or take something away`, {
    fix: 'look at what is named above, and pass --yes if it is meant',
    detail: unlessConfirmed.join('\n'),
  });
}

function lineOf({ address, attributes }: PlannedResource): string {
  return attributes.length === 0 ? address : `${address}: ${attributes.join(', ')}`;
}

type Kind = 'created' | 'changed' | 'replaced' | 'removed' | 'forgotten' | 'none';

/** Of a replacement there are two actions, in either order; `read` and `no-op` change nothing. */
function kindOf(actions: readonly string[]): Kind {
  const has = (action: string): boolean => actions.includes(action);
  if (has('create') && (has('delete') || has('forget'))) return 'replaced';
  if (has('create')) return 'created';
  if (has('update')) return 'changed';
  if (has('delete')) return 'removed';
  return has('forget') ? 'forgotten' : 'none';
}

function attributesOf({ change }: ResourceChange, kind: Kind): readonly string[] {
  if (kind === 'replaced' && change.replace_paths.length > 0)
    return [...new Set(change.replace_paths.map(([first]) => String(first)))].toSorted();
  if (kind !== 'replaced' && kind !== 'changed') return [];
  const [before, after, unknown] = [change.before ?? {}, change.after ?? {}, change.after_unknown];
  const names = new Set([...Object.keys(before), ...Object.keys(after), ...Object.keys(unknown)]);
  const isUnknown = (name: string): boolean => unknown !== false && (unknown === true || hasMark(unknown[name]));
  return [...names].filter((name) => isUnknown(name) || !isEqual(before[name], after[name])).toSorted();
}

/** `[{ a: false }]` has none. */
function hasMark(mark: unknown): boolean {
  if (typeof mark === 'object' && mark !== null) return Object.values(mark).some(hasMark);
  return mark === true;
}

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}
