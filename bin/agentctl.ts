#!/usr/bin/env node
import { version } from '../cli/version.js';

const args = process.argv.slice(2);
if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  // Scripts and shell prompts ask for it often: answer before anything else is loaded.
  process.stdout.write(`${version}\n`);
} else {
  // Node 20 is supported here until its own end; that the AWS libraries will want a newer one is no news of a command.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const { main } = await import('../cli/main.js');
  process.exitCode = await main(process);
}
