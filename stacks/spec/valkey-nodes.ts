import type { Quantity } from './schema/quantity.js';

/** ElastiCache user guide, "Supported node types" and their `maxmemory` for Valkey, in GiB; Graviton, smallest first. */
const nodeTypes = [
  { nodeType: 'cache.t4g.micro', gibibytes: 0.5 },
  { nodeType: 'cache.t4g.small', gibibytes: 1.37 },
  { nodeType: 'cache.t4g.medium', gibibytes: 3.09 },
  { nodeType: 'cache.m7g.large', gibibytes: 6.38 },
  { nodeType: 'cache.r7g.large', gibibytes: 13.07 },
  { nodeType: 'cache.r7g.xlarge', gibibytes: 26.32 },
  { nodeType: 'cache.r7g.2xlarge', gibibytes: 52.82 },
  { nodeType: 'cache.r7g.4xlarge', gibibytes: 105.81 },
  { nodeType: 'cache.r7g.8xlarge', gibibytes: 209.55 },
  { nodeType: 'cache.r7g.12xlarge', gibibytes: 317.77 },
  { nodeType: 'cache.r7g.16xlarge', gibibytes: 419.09 },
] as const;

/** `reserved-memory-percent`, which ElastiCache keeps for snapshots and failover: its default. */
const usableShare = 0.75;

/** The most memory for data that one node has. */
export const mostValkeyMemory: Quantity = { mebibytes: Math.floor(419.09 * usableShare) * 1024 };

/** The smallest node type with this much memory for data; undefined when there is none. */
export function valkeyNodeType({ mebibytes }: Quantity): string | undefined {
  return nodeTypes.find(({ gibibytes }) => gibibytes * 1024 * usableShare >= mebibytes)?.nodeType;
}
