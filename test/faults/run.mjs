/* `npm run test:faults -- --cell update/switch/after/KILL`: the whole table, or the cells whose name begins so. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { cell: { type: 'string' } } });
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const child = spawn(process.execPath, [vitest, 'run', '--config', 'vitest.faults.config.ts', ...positionals], {
  stdio: 'inherit',
  env: { ...process.env, ...(values.cell === undefined ? {} : { AGENTCTL_FAULTS_CELL: values.cell }) },
});
child.on('close', (code) => (process.exitCode = code ?? 1));
