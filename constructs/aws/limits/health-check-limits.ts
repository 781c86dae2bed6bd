/** Lowest and highest value that AWS takes. */
export type Limits = readonly [lowest: number, highest: number];

/** Of a target group: Elastic Load Balancing API reference, CreateTargetGroup. Seconds, but for `failures`. */
export const targetCheckLimits = { interval: [5, 300], timeout: [2, 120], failures: [2, 10] } as const;

/** Of a container: Amazon ECS API reference, HealthCheck. Seconds, but for `failures`. */
export const containerCheckLimits = {
  interval: [5, 300],
  timeout: [2, 60],
  failures: [1, 10],
  startPeriod: [0, 300],
} as const;

/** The nearest value that AWS takes. */
export function within([lowest, highest]: Limits, value: number): number {
  return Math.min(Math.max(value, lowest), highest);
}
