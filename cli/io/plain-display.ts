import type { Plan } from '../plan/plan.js';
import { heartbeatLines, plainLines } from '../report/plain-lines.js';
import { advance, viewOf } from '../report/run-view.js';
import type { RunDisplay } from './io.js';

/** CI services kill jobs that are silent for minutes; people lose patience sooner. */
const heartbeatMilliseconds = 15_000;

/** One line per fact, never redrawn; a heartbeat when nothing has been said for a while. */
export function plainDisplay(plan: Plan, done: ReadonlySet<string>, say: (line: string) => void): RunDisplay {
  let view = viewOf(plan, done);
  const beat = (): void => heartbeatLines(view, Date.now()).forEach(say);
  let timer = setInterval(beat, heartbeatMilliseconds);
  return {
    event(event) {
      view = advance(view, event, plan);
      const lines = plainLines(event, view);
      if (lines.length === 0) return;
      lines.forEach(say);
      clearInterval(timer);
      timer = setInterval(beat, heartbeatMilliseconds);
    },
    close: () => clearInterval(timer),
  };
}
