import { type DirectoryListing, sources } from './directory-listing.js';

/** An object in a Python module: `backend.main:app`. */
export interface PythonObject {
  readonly module: string;
  readonly variable: string;
  readonly path: string;
  /** The object is made by calling a function of this name. */
  readonly isFactory: boolean;
}

/** FastAPI applications, the likeliest first. */
export function fastapiApplications(listing: DirectoryListing): readonly PythonObject[] {
  return [
    ...objects(listing, /^(\w+)\s*(?::[^=\n]+)?=\s*(?:fastapi\.)?(?:FastAPI|create_\w*app)\(/m, false),
    ...objects(listing, /^def (\w+)\([^)]*\)\s*->\s*(?:fastapi\.)?FastAPI\s*:/m, true),
  ];
}

/** Celery applications, the likeliest first. */
export function celeryApplications(listing: DirectoryListing): readonly PythonObject[] {
  return objects(listing, /^(\w+)\s*(?::[^=\n]+)?=\s*(?:celery\.)?Celery\(/m, false);
}

function objects(listing: DirectoryListing, pattern: RegExp, isFactory: boolean): readonly PythonObject[] {
  const isPackaged = listing.paths.includes('pyproject.toml');
  return sources(listing, ['.py'])
    .flatMap(([path, text]) => {
      const variable = pattern.exec(text)?.[1];
      return variable === undefined ? [] : [{ module: moduleOf(path, isPackaged), variable, path, isFactory }];
    })
    .toSorted((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1));
}

/** The nearest to the top, and of those the one with a usual name. */
function rank({ path }: PythonObject): number {
  const usual = /(?:^|\/)(?:main|app|server|asgi|api|worker|celery|celery_app|tasks|__init__)\.py$/.test(path);
  return path.split('/').length * 2 + (usual ? 0 : 1);
}

/** A package below `src/` is imported without it once it is installed. */
function moduleOf(path: string, isPackaged: boolean): string {
  const segments = path.replace(/\.py$/, '').split('/');
  const imported = isPackaged && segments[0] === 'src' && segments.length > 2 ? segments.slice(1) : segments;
  return imported.filter((segment, index) => index === 0 || segment !== '__init__').join('.');
}
