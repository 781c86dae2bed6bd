/** Pure: `a = b, c in (d,e)`; of labels that are not known here, everything is taken. */
export function matchesLabels(selector: string | null, labels: Readonly<Record<string, string>>): boolean {
  if (selector === null || selector.trim() === '') return true;
  const parts = selector.match(/[^,(]+(?:\([^)]*\))?/g) ?? [];
  return parts.every((part) => {
    const [, name = '', , values = ''] = /^\s*([\w./-]+)\s*(==?|in)\s*\(?([^)]*)\)?\s*$/.exec(part) ?? [];
    const label = labels[name];
    if (label === undefined) return true;
    return values
      .split(',')
      .map((value) => value.trim())
      .includes(label);
  });
}
