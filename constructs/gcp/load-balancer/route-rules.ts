import type { ComputeUrlMapPathMatcherRouteRules } from '@cdktf/provider-google/lib/compute-url-map/index.js';

/** A path and what answers it. */
export interface RoutedPath {
  /** A prefix of whole segments: `/api` is also `/api/x`, and not `/apix`. */
  readonly path: string;
  /** Of the backend service. */
  readonly service: string;
  /** Of the backend service for whoever sends the header of the candidate. @default none */
  readonly candidate?: string;
}

/** The header that leads to a revision that does not serve yet. */
export interface CandidateHeader {
  readonly name: string;
  readonly value: string;
}

/** Pure: rules from the longest path to the shortest; of each, that with the header comes first. */
export function routeRules(
  paths: readonly RoutedPath[],
  header: CandidateHeader | undefined,
): ComputeUrlMapPathMatcherRouteRules[] {
  const ordered = paths.toSorted(
    (left, right) => right.path.length - left.path.length || (left.path < right.path ? -1 : 1),
  );
  return ordered.flatMap(({ path, service, candidate }, index) => {
    const matches = matchesOf(path);
    const priority = (index + 1) * 10;
    const plain = { priority, service, matchRules: matches };
    if (candidate === undefined || header === undefined) return [plain];
    const headerMatches = [{ headerName: header.name, exactMatch: header.value }];
    const asked = matches.map((match) => ({ ...match, headerMatches }));
    return [{ priority: priority - 5, service: candidate, matchRules: asked }, plain];
  });
}

function matchesOf(path: string) {
  const trimmed = path.replace(/\/+$/, '');
  return trimmed === '' ? [{ prefixMatch: '/' }] : [{ fullPathMatch: trimmed }, { prefixMatch: `${trimmed}/` }];
}
