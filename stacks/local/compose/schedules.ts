import type { ComposeContext } from './compose-context.js';
import type { ComposeService } from './compose-service.js';
import { onReadyData } from './migrations.js';
import { workloadContainer } from './workload-container.js';

/** The profile that keeps `docker compose up` from starting schedules. */
export const schedulesProfile = 'schedules';

/** Schedules as services that run once, when somebody runs them: Compose has no clock. */
export function scheduleServices(context: ComposeContext): Readonly<Record<string, ComposeService>> {
  const entries = Object.entries(context.spec.schedules).map(([name, schedule]): [string, ComposeService] => [
    name,
    { ...workloadContainer(schedule, onReadyData(context), context), profiles: [schedulesProfile], restart: 'no' },
  ]);
  return Object.fromEntries(entries);
}
