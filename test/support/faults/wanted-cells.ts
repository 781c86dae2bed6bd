import { readFileSync } from 'node:fs';

/** What was asked for: how names begin, or every name whole. No names: everything is. */
interface Asked {
  readonly names: readonly string[];
  readonly areWhole: boolean;
}

function asked(): Asked {
  const { AGENTCTL_FAULTS_CELL: cell = '', AGENTCTL_FAULTS_CELLS: file = '' } = process.env;
  if (file === '') return { names: cell === '' ? [] : [cell], areWhole: false };
  return { names: readFileSync(file, 'utf8').trim().split('\n'), areWhole: true };
}

/** Whether a cell, or a group of cells that ends in `/`, was asked for; everything is when nothing was named. */
export function isWanted(name: string): boolean {
  const { names, areWhole } = asked();
  if (names.length === 0) return true;
  return names.some((one) =>
    name.endsWith('/')
      ? one.startsWith(name) || (!areWhole && name.startsWith(one))
      : areWhole
        ? name === one
        : name.startsWith(one),
  );
}

/** Whether one of these blows can be in a cell that was asked for: its name ends with one. */
export function isBlowWanted(blow: string): boolean {
  const { names } = asked();
  return (
    names.length === 0 ||
    names.some((one) => {
      const parts = one.split('/');
      return parts.length < 4 || blow.startsWith(parts.at(-1) ?? '');
    })
  );
}

/** Whether nothing was named. */
export function isWholeTableWanted(): boolean {
  return asked().names.length === 0;
}

/**
 * How much of the table is wanted. `all`: also what takes long and seldom finds what the others do not; so is a cell that
 * was asked for by its name.
 */
export function wantedBreadth(): 'sample' | 'usual' | 'all' {
  if (!isWholeTableWanted()) return 'all';
  const asked = process.env['AGENTCTL_FAULTS_BREADTH'];
  return asked === 'sample' || asked === 'all' ? asked : 'usual';
}

/** In a sample, one cell of so many is tried: neither a multiple nor a divisor of how the lists of cells repeat. */
const sampleStride = 23;

/** The cells that are tried of those there are: every one, or every twenty-third when a sample is enough. */
export function sampleOf<T>(cells: readonly T[]): readonly T[] {
  return wantedBreadth() === 'sample' ? cells.filter((_, index) => index % sampleStride === 0) : cells;
}
