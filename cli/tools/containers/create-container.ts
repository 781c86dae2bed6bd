import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { AgentctlError } from '../../errors.js';
import { type ContainerEngine, engineEnvironment, engineFailure } from '../engine/index.js';
import { runToEnd } from '../process/index.js';
import type { ContainerSpec } from './container-spec.js';
import { createCommand } from './create-command.js';

/** Longer than any daemon takes to create a container of an image that it has. */
const timeoutSeconds = 120;

/**
 * Creates a container without starting it.
 *
 * @throws AgentctlError EnvironmentNotReady, ToolFailed
 */
export async function createContainer(
  engine: ContainerEngine,
  environment: Readonly<Record<string, string | undefined>>,
  spec: ContainerSpec,
): Promise<void> {
  const { args, input, extra } = createCommand(spec);
  const inputDescriptor = openNameless(input);
  try {
    const { exitCode, output } = await runToEnd({
      command: engine.program,
      args,
      workingDirectory: '/',
      environment: { ...engineEnvironment(environment), ...extra },
      inputDescriptor,
      timeoutSeconds,
    });
    if (exitCode !== 0) throw failed(basename(engine.program), output);
  } finally {
    closeSync(inputDescriptor);
  }
}

/**
 * An open file that only we can read and that has no name any more. Not a pipe: those of Node are sockets, which a
 * program that opens `/dev/stdin` by its name cannot open.
 */
function openNameless(text: string): number {
  const directory = mkdtempSync(join(tmpdir(), 'agentctl-'));
  try {
    const file = join(directory, 'input');
    writeFileSync(file, text, { mode: 0o600 });
    return openSync(file, 'r');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function failed(program: string, output: string): unknown {
  return engineFailure(
    program,
    new AgentctlError('ToolFailed', `${program} create failed`, { fix: 'mend what it says', detail: output.trim() }),
    'create',
  );
}
