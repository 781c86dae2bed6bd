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
 * How much of the table is wanted. `sample`: every step, in its middle, by the first blow of each list. `all`: also what
 * takes long and seldom finds what the others do not; so is a cell that was asked for by its name.
 */
export function wantedBreadth(): 'sample' | 'usual' | 'all' {
  if (!isWholeTableWanted()) return 'all';
  const asked = process.env['AGENTCTL_FAULTS_BREADTH'];
  return asked === 'sample' || asked === 'all' ? asked : 'usual';
}
