import type { ResourceChange, StackChanges } from '../plan/plan.js';

/** More of one kind are counted. */
const shownResources = 12;

/** Pure: what a plan does to resources, for people: what goes and what gets wider permissions comes last, to be seen. */
export function changesText(changes: readonly StackChanges[]): readonly string[] {
  return changes.flatMap(({ stack, created, changed, replaced, removed, iamWidening }) => [
    `  ${stack}: ${countsText({ created, changed, replaced, removed })}`,
    ...resourceLines('+', created),
    ...resourceLines('~', changed),
    ...resourceLines('±', replaced),
    ...resourceLines('-', removed),
    ...wideningLines(iamWidening),
  ]);
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

/** A stack that is new permits everything for the first time. */
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
