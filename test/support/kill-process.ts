/** SIGKILL to one process. Never to pid 0, which would be our own process group, the test runner included. */
export function killProcess(pid: number | null | undefined): void {
  if (pid === undefined || pid === null || pid <= 1) throw new Error(`no process to kill: ${pid}`);
  process.kill(pid, 'SIGKILL');
}

/** Kills several so that none can answer to the end of another. */
export function killTogether(pids: readonly (number | undefined)[]): void {
  for (const signal of ['SIGSTOP', 'SIGKILL'] as const) {
    for (const pid of pids) {
      if (pid === undefined || pid <= 1) throw new Error(`no process to kill: ${pid}`);
      process.kill(pid, signal);
    }
  }
}
