import { type Canary, leaksIn } from './canaries.js';
import { everyProcess, processesOf, type StageProcess } from './stage-processes.js';

const pauseMilliseconds = 100;

/** Looks at the processes of the machine again and again, for secrets in command lines and environments. */
export interface LeakSampler {
  /** What was found since the last call. */
  take(): readonly string[];
  stop(): void;
}

/** The agent's own programs are given their secrets; nothing else is. The build is none of those that are. */
function mayHaveSecrets({ commandLine }: StageProcess): boolean {
  return /\b(app|migrate)\.mjs\b/.test(commandLine);
}

/** @param canaries asked at every look: some are only made while the stage comes up */
export function startLeakSampler(places: readonly string[], canaries: () => readonly Canary[]): LeakSampler {
  const found = new Set<string>();
  const look = (): void => {
    const all = everyProcess();
    const secrets = canaries();
    for (const { pid, commandLine } of all) {
      for (const leak of leaksIn(commandLine, secrets)) found.add(`argv of ${pid} (${commandLine}): ${leak}`);
    }
    for (const one of processesOf(places, all)) {
      if (mayHaveSecrets(one)) continue;
      for (const leak of leaksIn(one.environment, secrets)) {
        found.add(`environment of ${one.pid} (${one.commandLine}): ${leak}`);
      }
    }
  };
  const timer = setInterval(look, pauseMilliseconds);
  return {
    take() {
      look();
      const leaks = [...found];
      found.clear();
      return leaks;
    },
    stop: () => clearInterval(timer),
  };
}
