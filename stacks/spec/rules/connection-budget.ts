import { connectionLimit, reservedConnections } from '../connection-limits.js';
import type { Rule } from './rule.js';

/** All replicas together open no more connections than the database, or its pooler, accepts. */
export const connectionBudget: Rule = (spec) => {
  const { postgres } = spec;
  if (postgres?.kind !== 'managed') return [];
  const pools = Object.entries(spec.services).flatMap(([name, { pool, scale }]) =>
    pool === undefined ? [] : [{ name, ...pool, replicas: scale.max, total: scale.max * (pool.size + pool.overflow) }],
  );
  const needed = pools.reduce((sum, { total }) => sum + total, 0);
  const { holder, limit } = connectionLimit(postgres);
  if (needed + reservedConnections <= limit) return [];

  const terms = pools.map(
    ({ name, replicas, size, overflow, total }) => `${name} ${replicas} × (${size} + ${overflow}) = ${total}`,
  );
  const largest = pools.toSorted((left, right) => right.total - left.total)[0];
  const message = [
    `services may open ${needed} database connections, ${holder} accepts ${limit}`,
    `(${terms.join(', ')}; ${reservedConnections} stay reserved for migrations and operators)`,
  ].join(' ');
  const ways = ['lower pool.size or scale.max'];
  if (postgres.size !== 'large') ways.push('raise postgres.size');
  if (!postgres.pooler) ways.push('set postgres.pooler: true');
  return [
    {
      code: 'connection-budget',
      path: ['services', largest?.name ?? '', 'pool'],
      at: 'value',
      message,
      fix: `${ways.slice(0, -1).join(', ')}${ways.length > 1 ? ', or ' : ''}${ways.at(-1)}`,
    },
  ];
};
