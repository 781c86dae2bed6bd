import { run } from '../run.js';

/** Address of the repository that a directory belongs to, for people; undefined without one. */
export async function gitSource(
  directory: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const argv = ['git', 'config', '--get', 'remote.origin.url'] as const;
  try {
    return publicAddress((await run({ argv, cwd: directory, env }, { signal })).trim());
  } catch {
    return undefined;
  }
}

/** Pure: a remote as an address of the web, without the token that many a CI puts into it; undefined for a local one. */
export function publicAddress(remote: string): string | undefined {
  const short = /^(?:[^@/\s]+@)?([\w.-]+\.[\w-]+):(?!\/)(\S+)$/.exec(remote);
  const text = short === null ? remote : `ssh://${short[1]}/${short[2]}`;
  if (!URL.canParse(text)) return undefined;
  const { protocol, host, hostname, pathname } = new URL(text);
  if (!['http:', 'https:', 'ssh:', 'git:'].includes(protocol) || hostname === '') return undefined;
  // a port of SSH says nothing about the web
  const place = protocol === 'ssh:' || protocol === 'git:' ? hostname : host;
  return `https://${place}${pathname.replace(/\.git$/, '')}`;
}
