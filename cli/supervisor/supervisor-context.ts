import { delimiter, join } from 'node:path';
import { messageOf } from '../errors.js';
import type { PortAllocator, RunningProcess } from '../tools/process/index.js';
import type { DesiredStore } from './desired-state.js';
import type { LogBook } from './logs/log-book.js';
import { type ReferenceContext } from './release/reference-lookup.js';
import { type LaunchTemplate, type ResolvedLaunch, resolveLaunch } from './release/resolve-launch.js';
import { readSecretStore, secretValues } from './secret-store.js';
import type { StateLayout } from './state-layout.js';

/** What every part of a supervisor works with. */
export interface SupervisorContext {
  readonly layout: StateLayout;
  readonly store: DesiredStore;
  readonly logs: LogBook;
  readonly ports: PortAllocator;
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
  store.update({ processes: [...store.current.processes, record] });
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

/** What a child of the user's is started with; every secret in it is masked in all logs from now on. */
export function prepareLaunch(
  context: SupervisorContext,
  template: LaunchTemplate & { readonly artifact: { readonly directory: string } },
  about: { readonly release: string | undefined; readonly port?: number },
): ResolvedLaunch {
  const { current } = context.store;
  const secrets = readSecretStore(context.layout.directory);
  context.logs.mask(secretValues(secrets));
  const references: ReferenceContext = {
    stage: context.layout.stage,
    release: about.release,
    port: about.port,
    secrets,
    postgres: current.postgres === null ? undefined : { ...current.postgres.request, port: current.postgres.port },
    redis: current.redis ?? undefined,
    servicePorts: current.gateway.services,
  };
  const resolved = resolveLaunch(template, references);
  context.logs.mask(resolved.secretValues);
  const path = programPath(template.artifact.directory, context.passedEnvironment['PATH']);
  return { ...resolved, env: { ...context.passedEnvironment, PATH: path, ...resolved.env } };
}

/** Programs that the build installed come first, as they do in an image. */
function programPath(directory: string, inherited: string | undefined): string {
  const own = [join(directory, '.venv', 'bin'), join(directory, 'node_modules', '.bin')];
  return [...own, ...(inherited === undefined ? [] : [inherited])].join(delimiter);
}
