import type { DirectoryListing } from './directory-listing.js';

/** Minor versions of Python 3 that get fixes, the one that most wheels exist for first (devguide.python.org/versions). */
const minors = [13, 14, 12, 11, 10];

/** Pure: the Python to build with: the first that `requires-python` (or Poetry’s `python`) allows. */
export function pythonVersion({ texts }: Pick<DirectoryListing, 'texts'>): string {
  const text = texts.get('pyproject.toml') ?? '';
  const required = /^\s*(?:requires-python|python)\s*=\s*["']([^"']+)["']/m.exec(text)?.[1] ?? '';
  const bounds = required.split(',').map((bound) => bound.trim());
  const allowed = minors.find((minor) => bounds.every((bound) => allows(bound, minor)));
  return `3.${allowed ?? minors[0]}`;
}

function allows(bound: string, minor: number): boolean {
  const match = /^(>=|<=|==|~=|!=|<|>|\^|~)?\s*(\d+)(?:\.(\d+))?(\.[\d*]+)?/.exec(bound);
  if (match === null) return true;
  const [, operator = '==', major, named, patch] = match;
  if (major !== '3') return !['==', '~=', '^', '~', '>=', '>'].includes(operator) || Number(major) < 3;
  if (named === undefined) return true;
  const distance = minor - Number(named);
  switch (operator) {
    case '>=':
    case '>':
    case '^':
      return distance >= 0;
    case '<':
      return distance < 0 || (distance === 0 && patch !== undefined);
    case '<=':
      return distance <= 0;
    case '~=':
      // `~=3.11` allows 3.12; `~=3.11.2` does not.
      return patch === undefined ? distance >= 0 : distance === 0;
    case '!=':
      return distance !== 0 || patch !== '.*';
    default:
      return distance === 0;
  }
}
