/** The port the spec declares, and the one this replica was given instead. */
export interface ReplicaPorts {
  readonly declared: number;
  readonly given: number;
}

/**
 * The command of a replica that shares this machine with others: the port the spec declares becomes the port this replica
 * was given, and `0.0.0.0` becomes `127.0.0.1`. Only an item that *is* the declared port, or ends in `:<port>` or
 * `=<port>`, is touched; `${port}` has been resolved before. A worker has no ports.
 */
export function loopbackCommand(command: readonly string[], ports: ReplicaPorts | undefined): readonly string[] {
  return command.map((item) => {
    const local = item.replace(/(?<![\d.])0\.0\.0\.0(?![\d.])/g, '127.0.0.1');
    return ports === undefined ? local : withGivenPort(local, ports);
  });
}

function withGivenPort(item: string, ports: ReplicaPorts): string {
  const declared = String(ports.declared);
  const given = String(ports.given);
  if (item === declared) return given;
  const separator = item.at(-declared.length - 1);
  const isPortAtEnd = item.endsWith(declared) && (separator === ':' || separator === '=');
  return isPortAtEnd ? item.slice(0, -declared.length) + given : item;
}
