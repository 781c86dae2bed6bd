import { readFileSync } from 'node:fs';
import { agentApp } from '../stacks/aws/agent-app.js';
import { requestFromFile } from '../stacks/aws/request-from-file.js';
const t0=performance.now();
const r = requestFromFile({ AGENTCTL_FILE: process.argv[2], AGENTCTL_STAGE: process.argv[4]??'production', CDK_OUTDIR: process.argv[3] }, f => readFileSync(f,'utf8'));
agentApp(r).synth();
console.log(performance.now()-t0);
