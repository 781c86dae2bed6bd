import * as z from 'zod';

const printedState = z.object({
  Running: z.boolean(),
  ExitCode: z.int(),
  OOMKilled: z.boolean().default(false),
  Error: z.string().default(''),
});

/** What became of a container. */
export interface ContainerState {
  readonly isRunning: boolean;
  readonly exitCode: number;
  /** Why it ended, where the engine knows more than its exit code says; for people. */
  readonly reason: string | undefined;
}

/** Pure: what `inspect` prints of a container's state. Undefined: nothing that we understand. */
export function parseContainerState(printed: string): ContainerState | undefined {
  const parsed = printedState.safeParse(parseJson(printed));
  if (!parsed.success) return undefined;
  const { Running: isRunning, ExitCode: exitCode, OOMKilled: isOutOfMemory, Error: error } = parsed.data;
  const reason = isOutOfMemory ? 'it used more memory than `size.memory` allows' : error === '' ? undefined : error;
  return { isRunning, exitCode, reason };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
