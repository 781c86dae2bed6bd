import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const publicMirror = 'http://deb.debian.org/debian';

/**
 * The mirror this machine's own apt uses for Debian, so that the tier works where only that one is reached; the public
 * one where apt knows none (other distributions).
 */
export function debianMirror(directory = '/etc/apt'): string {
  const parts = join(directory, 'sources.list.d');
  const files = [
    join(directory, 'sources.list'),
    ...(existsSync(parts) ? readdirSync(parts).map((name) => join(parts, name)) : []),
  ];
  const texts = files.filter((file) => existsSync(file)).map((file) => readFileSync(file, 'utf8'));
  return texts.map(mirrorIn).find((mirror) => mirror !== undefined) ?? publicMirror;
}

/** Pure: the first Debian archive of a sources file, in the form of one line each or of fields (deb822). */
export function mirrorIn(text: string): string | undefined {
  const lines = text.split('\n').filter((line) => !line.trimStart().startsWith('#'));
  const addresses = lines.flatMap((line) => {
    const oneLine = /^\s*deb\s+(?:\[[^\]]*\]\s*)?(\S+)/.exec(line)?.[1];
    const fields = /^URIs:\s*(.+)$/i.exec(line)?.[1]?.split(/\s+/) ?? [];
    return oneLine === undefined ? fields : [oneLine];
  });
  // Its security archive and those of others are no place to bootstrap from.
  return addresses.find((address) => /^https?:\/\/\S+\/debian\/?$/.test(address))?.replace(/\/$/, '');
}
