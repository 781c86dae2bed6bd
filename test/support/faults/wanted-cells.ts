/** Whether a cell, or a group of cells that ends in `/`, was asked for; everything is when nothing was named. */
export function isWanted(name: string): boolean {
  const asked = process.env['AGENTCTL_FAULTS_CELL'] ?? '';
  return (
    asked === '' || (name.endsWith('/') ? asked.startsWith(name) || name.startsWith(asked) : name.startsWith(asked))
  );
}

/** Whether one of these blows can be in the cell that was asked for: its name ends with one. */
export function isBlowWanted(blow: string): boolean {
  const asked = (process.env['AGENTCTL_FAULTS_CELL'] ?? '').split('/');
  return asked.length < 4 || blow.startsWith(asked.at(-1) ?? '');
}

/** Whether nothing was named. */
export function isWholeTableWanted(): boolean {
  return (process.env['AGENTCTL_FAULTS_CELL'] ?? '') === '';
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
