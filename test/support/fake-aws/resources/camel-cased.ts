/** Members that are maps: their keys are the user's, not the API's. */
const maps: ReadonlySet<string> = new Set(['Options', 'DockerLabels', 'DriverOpts', 'Labels']);

/** Templates may write numbers as text. */
const numbers: ReadonlySet<string> = new Set([
  'ContainerPort',
  'HostPort',
  'Interval',
  'MaximumPercent',
  'MinimumHealthyPercent',
  'Retries',
  'StartPeriod',
  'StopTimeout',
  'Timeout',
]);

/** Properties of a template as the API of ECS writes them: `ContainerPort` is `containerPort`. */
export function camelCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCased);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      `${name.charAt(0).toLowerCase()}${name.slice(1)}`,
      maps.has(name) ? member : numbers.has(name) ? Number(member) : camelCased(member),
    ]),
  );
}
