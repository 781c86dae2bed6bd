#!/usr/bin/env node
import { version } from '../cli/version.js';

const args = process.argv.slice(2);
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  // Scripts and shell prompts ask for it often: answer before anything else is loaded.
  process.stdout.write(`${version}\n`);
} else {
  const { main } = await import('../cli/main.js');
  process.exitCode = await main(process);
}
