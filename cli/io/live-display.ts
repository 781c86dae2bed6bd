import { createLogUpdate } from 'log-update';
import type { Plan } from '../plan/plan.js';
import { liveLines } from '../report/live-lines.js';
import { advance, viewOf } from '../report/run-view.js';
import type { Style } from '../report/style.js';
import type { RunDisplay } from './io.js';

/** Fast enough for a spinner, slow enough to cost nothing. */
const redrawMilliseconds = 100;

/** Draws the whole run in place, with elapsed times and the tail of what is running. */
export function liveDisplay(
  plan: Plan,
  done: ReadonlySet<string>,
  stream: NodeJS.WriteStream,
  style: Style,
): RunDisplay {
  const update = createLogUpdate(stream, { showCursor: true });
  let view = viewOf(plan, done);
  const draw = (): void => update(liveLines(view, Date.now(), stream.columns || 80, style));
  const timer = setInterval(draw, redrawMilliseconds);
  draw();
  return {
    event(event) {
      view = advance(view, event, plan);
    },
    close() {
      clearInterval(timer);
      draw();
      update.done();
    },
  };
}
