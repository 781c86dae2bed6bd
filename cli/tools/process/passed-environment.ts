const passedNames: ReadonlySet<string> = new Set([
  // finding programs, the home directory, scratch space
  'PATH',
  'HOME',
  'USER',
  'SHELL',
  'TMPDIR',
  // language and time zone
  'LANG',
  'TZ',
  // certificates of the machine
  'NODE_EXTRA_CA_CERTS',
]);

const passedPrefixes = ['LC_', 'SSL_CERT_'];

/**
 * The part of an environment that a process of the user's may see: nothing that could be a credential of the shell that
 * ran the CLI. `*_PROXY` names are passed because an agent without its proxy cannot reach its model.
 */
export function passedEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && isPassed(name)) passed[name] = value;
  }
  return passed;
}

function isPassed(name: string): boolean {
  return passedNames.has(name) || passedPrefixes.some((prefix) => name.startsWith(prefix)) || /_proxy$/i.test(name);
}
