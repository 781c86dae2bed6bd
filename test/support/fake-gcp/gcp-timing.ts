/**
 * How long things take in a fake. What Google waits for is waited for, too; only its pauses are shorter. A test may set
 * them: `fake.world.state(gcpTiming).longestStartupSeconds = 1`.
 */
export interface GcpTiming {
  /** Between two probes of a container, whatever the template says. */
  probeMilliseconds: number;
  /** The longest a container gets to start, whatever its probe says. */
  longestStartupSeconds: number;
  /** Between SIGTERM and SIGKILL (Cloud Run, "Container runtime contract": 10 s). */
  stopGraceSeconds: number;
  /** How long a request to an API waits for what it began, so that few have to ask again. */
  answerMilliseconds: number;
}

/** The timing of one fake: `world.state(gcpTiming)`. */
export function gcpTiming(): GcpTiming {
  return { probeMilliseconds: 50, longestStartupSeconds: 20, stopGraceSeconds: 10, answerMilliseconds: 300 };
}
