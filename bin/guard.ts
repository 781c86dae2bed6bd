#!/usr/bin/env node
import { messageOf } from '../cli/errors.js';
import { runGuard } from '../cli/supervisor/guard.js';

/** What a detached process has to say goes to logs/supervisor.log. */
const write = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const [stateDirectory = ''] = process.argv.slice(2);
if (stateDirectory === '') {
  write('usage: guard STATE_DIRECTORY');
  process.exitCode = 2;
} else {
  await runGuard({ stateDirectory, write }).catch((error: unknown) => {
    write(`${new Date().toISOString()} guard: ${messageOf(error)}`);
    process.exitCode = 1;
  });
}
