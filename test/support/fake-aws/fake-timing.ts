/**
 * How long things take in a fake. What AWS waits for is waited for, too; only its pauses are shorter. A test may set
 * them: `fake.world.state(fakeTiming).healthCheckMilliseconds = 10`.
 */
export interface FakeTiming {
  /** Between two health checks of a target or a container, whatever the template says. */
  healthCheckMilliseconds: number;
  /** The longest grace a new task gets in which failed health checks do not count. */
  longestGraceSeconds: number;
  /** The longest a draining target or a stopping task is waited for; both end at once when nothing is left to wait for. */
  longestDrainSeconds: number;
  /** How often a service looks whether there is something to do. */
  serviceMilliseconds: number;
  /** How long alarms are watched when the last task of a deployment has become healthy. */
  alarmBakeMilliseconds: number;
  /** Between two steps in which traffic moves, and how long the old tasks stay then, whatever the template says. */
  shiftMilliseconds: number;
}

/** The timing of one fake: `world.state(fakeTiming)`. */
export function fakeTiming(): FakeTiming {
  return {
    healthCheckMilliseconds: 50,
    longestGraceSeconds: 4,
    longestDrainSeconds: 30,
    serviceMilliseconds: 20,
    alarmBakeMilliseconds: 50,
    shiftMilliseconds: 100,
  };
}
