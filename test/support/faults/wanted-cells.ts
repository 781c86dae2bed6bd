/** Whether a cell, or a group of cells that ends in `/`, was asked for; everything is when nothing was named. */
export function isWanted(name: string): boolean {
  const asked = process.env['AGENTCTL_FAULTS_CELL'] ?? '';
  return (
    asked === '' || (name.endsWith('/') ? asked.startsWith(name) || name.startsWith(asked) : name.startsWith(asked))
  );
}
