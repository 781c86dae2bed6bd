import { isAgentctlError } from '../../errors.js';
import { type ContainerEngine, engineEnvironment, runEngine } from '../engine/index.js';
import { type OutputSinks, type ProcessEnd, type RunningProcess, startProcess } from '../process/index.js';
import { containerCommands } from './container-commands.js';
import type { ContainerSpec } from './container-spec.js';
import { type ContainerState, parseContainerState } from './container-state.js';
import { createContainer } from './create-container.js';

/** A container that lost its command line (killed, or the daemon went away) is given this long to end in order. */
const lostGraceSeconds = 10;

export interface StartContainerOptions extends OutputSinks {
  readonly engine: ContainerEngine;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly spec: ContainerSpec;
  /** Called when it has ended and could not be removed: the engine did not answer. */
  readonly onLeft: () => void;
}

/**
 * Starts a container as a child of ours: the child is the engine's command line attached to it, so that its output,
 * input, signals and exit code are those of the container. When the child has ended, the container is gone, or `onLeft`
 * was called.
 *
 * @throws AgentctlError EnvironmentNotReady, ToolFailed: the engine does not create it
 */
export async function startContainer(options: StartContainerOptions): Promise<RunningProcess> {
  const { engine, environment, spec, onOutput, holdUp } = options;
  const { name } = spec;
  const engineRun = async (args: readonly string[]): Promise<string> => await runEngine(engine, args, { environment });
  await engineRun(containerCommands.remove(name)).catch(() => undefined);
  await createContainer(engine, environment, spec);
  const child = await startProcess({
    command: engine.program,
    args: containerCommands.start(name, spec.stdin),
    workingDirectory: '/',
    environment: engineEnvironment(environment),
    ...(spec.stdin ? { inputDescriptor: 'pipe' as const } : {}),
    onOutput,
    ...(holdUp === undefined ? {} : { holdUp }),
  }).catch(async (error: unknown) => {
    await engineRun(containerCommands.remove(name)).catch(() => undefined);
    throw error;
  });

  let isStopping = false;
  const ended = child.ended.then(async (end): Promise<ProcessEnd> => {
    const state = await stateOf(engineRun, name);
    if (state?.isRunning === true && !isStopping) {
      await engineRun(containerCommands.stop(name, lostGraceSeconds)).catch(() => undefined);
    }
    if (state?.reason !== undefined) onOutput('err', Buffer.from(`agentctl: ${state.reason}\n`));
    await engineRun(containerCommands.remove(name)).catch(() => options.onLeft());
    return state === undefined || state.isRunning ? end : endOf(state, end);
  });
  return {
    identity: child.identity,
    input: child.input,
    ended,
    signal: (signal) => child.signal(signal),
    stop: async (stopOptions) => {
      isStopping = true;
      await child.stop(stopOptions);
      await ended;
    },
  };
}

/** Undefined: the engine does not answer, or does not know it. */
async function stateOf(
  engineRun: (args: readonly string[]) => Promise<string>,
  name: string,
): Promise<ContainerState | undefined> {
  try {
    return parseContainerState(await engineRun(containerCommands.inspect(name)));
  } catch (error) {
    if (isAgentctlError(error)) return undefined;
    throw error;
  }
}

/** The command line has ended by a signal of its own when it was killed; the container then ended otherwise. */
function endOf(state: ContainerState, { signal }: ProcessEnd): ProcessEnd {
  return signal === null ? { exitCode: state.exitCode, signal: null } : { exitCode: null, signal };
}
