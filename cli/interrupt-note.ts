const readOnly: ReadonlySet<string> = new Set(['logs', 'status', 'releases', 'validate', 'doctor', 'init', 'synth']);

/** Pure: what to say at the first Ctrl-C; nothing for commands that just end, as `logs -f` is meant to. */
export function interruptNote(args: readonly string[], signal: string): string | undefined {
  const [command = '', verb = ''] = args;
  if (readOnly.has(command) || verb === 'list') return undefined;
  return `\n${signal}: stopping as soon as what runs has wound down; again to quit at once`;
}
