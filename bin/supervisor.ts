#!/usr/bin/env node
import { isAgentctlError, messageOf } from '../cli/errors.js';
import { startSupervisor } from '../cli/supervisor/start-supervisor.js';

/** What a detached process has to say goes to logs/supervisor.log. */
const write = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

// One stray socket error must not take the gateway, and with it everything that is being served, along.
process.on('uncaughtException', (error) => write(`uncaught: ${error.stack ?? messageOf(error)}`));

const [stateDirectory = '', how] = process.argv.slice(2);
if (stateDirectory === '') {
  write('usage: supervisor STATE_DIRECTORY [revive]');
  process.exitCode = 2;
} else {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
  try {
    const start = await startSupervisor({
      stateDirectory,
      environment: process.env,
      write,
      stop: stop.signal,
      isGuarded: true,
      start: how === 'revive' ? 'revived' : 'asked',
    });
    if (start.kind === 'running') await start.supervisor.ended;
    if (start.kind === 'held') write(`process ${start.byPid} is the supervisor already`);
  } catch (error) {
    if (isAgentctlError(error)) write([error.message, error.fix, error.detail ?? ''].join('\n').trim());
    else write(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exitCode = 1;
  }
  // Nothing should hold the process now; if something does, it must not stay for ever.
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 5000).unref();
}
