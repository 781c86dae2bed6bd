import { readFileSync, rmSync } from 'node:fs';
import * as z from 'zod';
import type { StateLayout } from './state-layout.js';

/** What a supervisor writes about itself, for whoever wants to reach it. */
export const supervisorFile = z.object({
  protocolVersion: z.int(),
  version: z.string(),
  pid: z.int(),
  /** Opaque, see ProcessIdentity. */
  startTime: z.string(),
  socketPath: z.string(),
  startedAt: z.string(),
});
export type SupervisorFile = z.output<typeof supervisorFile>;

/** `undefined` when there is none, or it cannot be read. */
export function readSupervisorFile(layout: StateLayout): SupervisorFile | undefined {
  try {
    return supervisorFile.parse(JSON.parse(readFileSync(layout.supervisorFile, 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * From now on no supervisor is wanted. The file of another process stays: it has begun anew where somebody removed the
 * state directory under us.
 */
export function removeOwnSupervisorFile(layout: StateLayout): void {
  const pid = readSupervisorFile(layout)?.pid ?? process.pid;
  if (pid === process.pid) rmSync(layout.supervisorFile, { force: true });
}
