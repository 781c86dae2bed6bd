import { posix } from 'node:path';
import type { DirectoryListing } from './directory-listing.js';

/** Files and groups of what a running system does not need. */
const forDevelopment = /(?:^|\W)(?:dev|develop|development|tests?|testing|lint|docs|typing|ci)(?:\W|$)/;

/** Names of the packages a Python project asks for, lower-case with hyphens; an extra is `celery[redis]`. */
export function pythonPackages(listing: DirectoryListing): ReadonlySet<string> {
  const requirements = [...listing.texts].flatMap(([path, text]) => {
    const name = posix.basename(path);
    if (name === 'pyproject.toml') return pyprojectRequirements(text);
    return /requirements.*\.(?:txt|in)$/.test(path) && !forDevelopment.test(name.replace(/\W/g, ' '))
      ? text.split('\n')
      : [];
  });
  return new Set(requirements.flatMap(packagesIn));
}

/** `fastapi[standard]>=0.115 ; python_version > "3.9"` asks for `fastapi` and `fastapi[standard]`. */
function packagesIn(requirement: string): readonly string[] {
  const match = /^\s*([A-Za-z0-9][\w.-]*)\s*(?:\[([^\]]*)\])?\s*(?:$|[<>=!~;@#,(^])/.exec(requirement);
  if (match === null) return [];
  const name = (match[1] ?? '').toLowerCase().replace(/[._]+/g, '-');
  const extras = (match[2] ?? '')
    .split(',')
    .map((extra) => extra.trim())
    .filter((extra) => extra !== '');
  return [name, ...extras.map((extra) => `${name}[${extra}]`)];
}

/**
 * Requirements in a pyproject.toml: lists of texts named `dependencies` or in a table of dependency groups, and the keys
 * of Poetry’s tables. Read by lines: a TOML parser for a handful of names would be the larger risk.
 */
function pyprojectRequirements(text: string): readonly string[] {
  let table = '';
  let isList = false;
  return text.split('\n').flatMap((line) => {
    const header = /^\s*\[+([^\]]+)\]+\s*(?:#.*)?$/.exec(line);
    if (header !== null && !isList) {
      table = (header[1] ?? '').trim();
      return [];
    }
    const assigned = /^\s*([\w.-]+|"[^"]+")\s*=\s*(.*)$/.exec(line);
    const key = isList ? undefined : assigned?.[1];
    if (key !== undefined && isPoetryTable(table)) return [key];
    if (key !== undefined) isList = startsList(table, key) && (assigned?.[2] ?? '').startsWith('[');
    if (!isList) return [];
    const listed = key === undefined ? line : (assigned?.[2] ?? '');
    const requirements = [...listed.matchAll(/"([^"]+)"|'([^']+)'/g)].map((match) => match[1] ?? match[2] ?? '');
    isList = !/\]\s*,?\s*(?:#.*)?$/.test(listed.replace(/"[^"]*"|'[^']*'/g, ''));
    return requirements;
  });
}

function isPoetryTable(table: string): boolean {
  return /^tool\.poetry\.(?:group\.[\w-]+\.)?dependencies$/.test(table) && !forDevelopment.test(table);
}

function startsList(table: string, key: string): boolean {
  if (table === 'project') return key === 'dependencies';
  return ['project.optional-dependencies', 'dependency-groups'].includes(table) && !forDevelopment.test(key);
}
