/** Health checks found in source texts. */
export interface HealthPaths {
  readonly readiness?: string;
  readonly liveness?: string;
}

const readinessNames = [
  'readyz',
  'ready',
  'readiness',
  'health/ready',
  'healthz',
  'health',
  'health-check',
  'healthcheck',
];
const livenessNames = ['livez', 'live', 'liveness', 'health/live', 'alive'];

/** Pure: paths in quotes that are named like health checks. The shortest of the most telling name is taken. */
export function healthPaths(texts: readonly string[]): HealthPaths {
  const found = new Set(
    texts.flatMap((text) => [...text.matchAll(/["'`](?:GET )?(\/[\w./-]{1,60})["'`]/g)].map((match) => match[1] ?? '')),
  );
  const pick = (names: readonly string[]): string | undefined =>
    names.flatMap((name) =>
      [...found]
        .filter((path) => path.endsWith(`/${name}`))
        .toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1)),
    )[0];
  const readiness = pick(readinessNames);
  const liveness = pick(livenessNames);
  return { ...(readiness === undefined ? {} : { readiness }), ...(liveness === undefined ? {} : { liveness }) };
}
