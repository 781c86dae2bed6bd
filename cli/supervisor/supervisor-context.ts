import { messageOf } from '../errors.js';
import type { PortAllocator, RunningProcess } from '../tools/process/index.js';
import type { ContainerHost } from './containers/container-host.js';
import type { DesiredStore } from './desired-state.js';
import type { LogBook } from './logs/log-book.js';
import type { StateLayout } from './state-layout.js';

/** What every part of a supervisor works with. */
export interface SupervisorContext {
  readonly layout: StateLayout;
  readonly store: DesiredStore;
  readonly logs: LogBook;
  readonly ports: PortAllocator;
  /** For what runs as containers; looks for an engine only then. */
  readonly containers: ContainerHost;
  /** Variables of the supervisor's own environment that its children see. */
  readonly passedEnvironment: Readonly<Record<string, string>>;
  readonly now: () => Date;
  /** A line for supervisor.log, redacted. */
  readonly note: (text: string) => void;
}

/** Remembers a child on disk for as long as it runs, so that a later life of the supervisor can end it. */
export function trackProcess(context: SupervisorContext, label: string, child: RunningProcess): void {
  const { store } = context;
  const record = { label, ...child.identity };
  try {
    store.update({ processes: [...store.current.processes, record] });
  } catch (error) {
    // What nobody knows of could never be ended.
    void child.stop({ graceSeconds: 1 });
    throw error;
  }
  const forget = (): void => {
    const others = store.current.processes.filter(
      (other) => other.pid !== record.pid || other.startTime !== record.startTime,
    );
    store.update({ processes: others });
  };
  child.ended
    .then(forget)
    .catch((error: unknown) => context.note(`cannot record the end of ${label}: ${messageOf(error)}`));
}
