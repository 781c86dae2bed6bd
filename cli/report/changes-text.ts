import type { ResourceChange, StackChanges } from '../plan/plan.js';

/** More of one kind are counted. */
const shownResources = 12;

/** Pure: what a plan does to resources, for people: what goes and what gets wider permissions comes last, to be seen. */
export function changesText(changes: readonly StackChanges[]): readonly string[] {
  return changes.flatMap((change) => {
    const { stack, isNew, created, changed, replaced, removed, iamWidening } = change;
    if (isNew) return [`  ${stack}: ${newStackText(change)} (all: --json)`];
    return [
      `  ${stack}: ${countsText(change)}`,
      ...resourceLines('+', created),
      ...resourceLines('~', changed),
      ...resourceLines('±', replaced),
      ...resourceLines('-', removed),
      ...wideningLines(iamWidening),
    ];
  });
}

/** Pure: of a stack that is not there yet, how much is in it. */
export function newStackText({ created, iamWidening }: Pick<StackChanges, 'created' | 'iamWidening'>): string {
  const permissions = iamWidening.length === 0 ? '' : `, ${iamWidening.length} permissions for them`;
  return `new, ${created.length} resources${permissions}`;
}

type Sets = Pick<StackChanges, 'created' | 'changed' | 'replaced' | 'removed'>;

/** Pure: `3 added, 1 replaced`. */
export function countsText({ created, changed, replaced, removed }: Sets): string {
  const parts = [
    [created.length, 'added'],
    [changed.length, 'changed'],
    [replaced.length, 'replaced'],
    [removed.length, 'removed'],
  ] as const;
  const shown = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return shown.length === 0 ? 'permissions only' : shown.join(', ');
}

function wideningLines(widening: readonly string[]): readonly string[] {
  const lines = widening.slice(0, shownResources).map((line) => `    ! permits more: ${line}`);
  const more = widening.length - lines.length;
  return more > 0 ? [...lines, `    ! and ${more} more (all: --json)`] : lines;
}

function resourceLines(mark: string, resources: readonly ResourceChange[]): readonly string[] {
  const lines = resources.slice(0, shownResources).map(({ logicalId, type, properties }) => {
    const what = properties.length === 0 ? '' : ` (${properties.join(', ')})`;
    return `    ${mark} ${logicalId} ${type}${what}`;
  });
  const more = resources.length - lines.length;
  return more > 0 ? [...lines, `    ${mark} and ${more} more`] : lines;
}
