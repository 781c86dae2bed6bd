import { readFileSync } from 'node:fs';
import { agentApp } from '../stacks/gcp/agent-app.js';
import { requestFromFile } from '../stacks/gcp/request-from-file.js';
import { synthRequestSchema } from '../stacks/gcp/synth-request.js';

// cdktf notes where each token was made, which takes longer than the rest of it.
Error.stackTraceLimit = 0;

// Two ways in: the CLI writes a request to standard input; the `cdktf` command runs it as an app, told by variables.
try {
  const isApp = process.env['CDKTF_OUTDIR'] !== undefined;
  const request = isApp
    ? requestFromFile(process.env, (file) => readFileSync(file, 'utf8'))
    : synthRequestSchema.parse(JSON.parse(readFileSync(0, 'utf8')));
  agentApp(request).synth();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
