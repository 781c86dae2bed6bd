import type { SpecProblem } from '../problem.js';
import type { Rule } from './rule.js';
import { workloadsOf } from './workloads-of.js';

const langsmithKeys = ['LANGSMITH_API_KEY', 'LANGCHAIN_API_KEY'];

/** What a setting silently relies on is there: a queue to measure, a database to snapshot, a key to trace with. */
export const neededSections: Rule = (spec, context) => {
  const queueDepth = Object.entries(spec.services).flatMap(([name, { scale }]): readonly SpecProblem[] => {
    if (scale.queueDepth === undefined || spec.queue !== undefined || context.isUnsure('queue')) return [];
    const path = ['services', name, 'scale', 'queueDepth'];
    const message = `services.${name} scales on queueDepth, but there is no queue`;
    return [{ code: 'missing-section', path, at: 'key', message, fix: 'add "queue: {}", or scale on cpu' }];
  });
  const snapshots = workloadsOf(spec)
    .filter(({ kind }) => kind === 'migration')
    .flatMap(({ path }, index): readonly SpecProblem[] => {
      const unsure = context.isUnsure('postgres');
      if (spec.migrations[index]?.snapshot !== true || spec.postgres?.kind === 'managed' || unsure) return [];
      const message = 'a snapshot is asked for, but agentctl does not run the database';
      const fix = 'remove snapshot, or add "postgres: {}"';
      return [{ code: 'missing-section', path: [...path, 'snapshot'], at: 'key', message, fix }];
    });
  const { tracing, metrics } = spec.observability;
  const tracingKey: SpecProblem[] =
    tracing.langsmith && !langsmithKeys.some((key) => spec.secrets.includes(key)) && !context.isUnsure('secrets')
      ? [
          {
            code: 'undeclared-secret',
            path: ['observability', 'tracing', 'langsmith'],
            at: 'value',
            message: 'LangSmith tracing needs its key in secrets',
            fix: 'add LANGSMITH_API_KEY to secrets',
          },
        ]
      : [];
  const namespace: SpecProblem[] =
    metrics.custom.length > 0 && metrics.namespace === undefined
      ? [
          {
            code: 'missing-key',
            path: ['observability', 'metrics', 'namespace'],
            at: 'key',
            message: 'observability.metrics needs "namespace" when it lists custom metrics',
            fix: 'add the namespace the application publishes them under',
          },
        ]
      : [];
  return [...queueDepth, ...snapshots, ...tracingKey, ...namespace];
};
