/** Longest name a spec takes. */
const longest = 24;
const shortest = 3;

/** Whether a spec takes this name. */
export function isAgentName(name: string): boolean {
  return name.length >= shortest && name.length <= longest && /^[a-z](?:-?[a-z0-9])*$/.test(name);
}

/** Pure: a name the spec takes, made from the first of some texts that has enough letters in it. */
export function agentName(candidates: readonly string[]): string {
  const names = candidates.map((candidate) =>
    candidate
      .replace(/^@[^/]*\//, '')
      .normalize('NFKD')
      .replace(/\p{Mark}/gu, '')
      .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^[-0-9]+/, '')
      .slice(0, longest)
      .replace(/-+$/, ''),
  );
  return names.find(isAgentName) ?? 'my-agent';
}
