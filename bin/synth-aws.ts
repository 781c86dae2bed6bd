import { readFileSync } from 'node:fs';
import { agentApp } from '../stacks/aws/agent-app.js';
import { requestFromFile } from '../stacks/aws/request-from-file.js';
import { synthRequestSchema } from '../stacks/aws/synth-request.js';

// Two ways in: the CLI writes a request to standard input; the `cdk` command runs it as an app, told by variables.
try {
  const isApp = process.env['CDK_OUTDIR'] !== undefined;
  const request = isApp
    ? requestFromFile(process.env, (file) => readFileSync(file, 'utf8'))
    : synthRequestSchema.parse(JSON.parse(readFileSync(0, 'utf8')));
  // For agentctl, validate-aws looks at the templates, beside this process and only when they have changed.
  if (!isApp) process.env['CDK_VALIDATION'] = 'false';
  agentApp(request).synth();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
