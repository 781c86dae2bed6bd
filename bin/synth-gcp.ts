import { readFileSync } from 'node:fs';
import { agentApp } from '../stacks/gcp/agent-app.js';
import { requestFromFile } from '../stacks/gcp/request-from-file.js';
import { synthRequestSchema } from '../stacks/gcp/synth-request.js';

// cdktf notes where each token was made, with a limit of its own: a sixth of the time, and nobody reads it.
Error.captureStackTrace = () => undefined;

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
