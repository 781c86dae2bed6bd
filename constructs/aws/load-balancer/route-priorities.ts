/** Longest path pattern of a rule (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html). */
const longestPath = 128;
/** Priorities per path length: 128 × 380 stays below the highest priority of a rule, 50 000. */
const slots = 380;

/**
 * Pure: a priority for each path prefix of a listener, longer paths first. It depends on the path and hardly on the others:
 * adding a route must not renumber those that exist, as CloudFormation cannot swap two priorities.
 */
export function routePriorities(paths: readonly string[]): ReadonlyMap<string, number> {
  const priorities = new Map<string, number>();
  const taken = new Set<number>();
  for (const path of [...new Set(paths)].toSorted()) {
    const first = (longestPath - Math.min(path.length, longestPath)) * slots + 1;
    let slot = fingerprint(path) % slots;
    while (taken.has(first + slot)) slot = (slot + 1) % slots;
    taken.add(first + slot);
    priorities.set(path, first + slot);
  }
  return priorities;
}

/** FNV-1a, 32 bits (http://www.isthe.com/chongo/tech/comp/fnv/). */
function fingerprint(text: string): number {
  let hash = 0x81_1c_9d_c5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01_00_01_93) >>> 0;
  return hash;
}
