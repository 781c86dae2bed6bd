import { posix } from 'node:path';
import type { DirectoryListing } from './directory-listing.js';
import type { NodePackage } from './node-package.js';
import type { Proposal } from './proposal.js';
import { scriptCommand } from './script-command.js';

/** Pure: the command that brings the database schema up to date; undefined when none is recognised. */
export function migrationCommand(
  { paths, prefix }: DirectoryListing,
  node: NodePackage | undefined,
): NonNullable<Proposal['migration']> | undefined {
  const alembic = paths
    .filter((path) => posix.basename(path) === 'alembic.ini')
    .toSorted((a, b) => a.length - b.length)[0];
  if (alembic !== undefined) {
    const config = alembic === 'alembic.ini' ? [] : ['-c', alembic];
    return { command: ['alembic', ...config, 'upgrade', 'head'], note: `from ${prefix}${alembic}` };
  }
  if (paths.includes('manage.py')) {
    return { command: ['python', 'manage.py', 'migrate', '--noinput'], note: 'from manage.py' };
  }
  if (node === undefined) return undefined;
  const script = ['migrate:deploy', 'db:migrate', 'migrate', 'migrations:run'].find(
    (name) => node.scripts[name] !== undefined,
  );
  if (script !== undefined)
    return { command: scriptCommand(node, script), note: `the script "${script}" of package.json` };
  if (paths.includes('prisma/schema.prisma')) {
    return { command: ['node_modules/.bin/prisma', 'migrate', 'deploy'], note: 'from prisma/schema.prisma' };
  }
  return undefined;
}
