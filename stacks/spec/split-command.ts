/** Whether a command line uses something only a shell understands. */
export function needsShell(line: string): boolean {
  return /[;|&<>`]|\$\(|\$[A-Za-z{]/.test(line);
}

/** A command line as the YAML list that runs the same program: `[uvicorn, app:app, --port, "8000"]`. */
export function splitCommand(line: string): string {
  const words = line.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  return `[${words.map((word) => yamlItem(word.replaceAll(/^(["'])(.*)\1$/g, '$2'))).join(', ')}]`;
}

function yamlItem(word: string): string {
  const plain = /^[A-Za-z_./-][\w./:=@+-]*$/.test(word) && !/^(?:true|false|null|~|-|yes|no|on|off)$/i.test(word);
  return plain && !word.endsWith(':') ? word : JSON.stringify(word);
}
