import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { benchFirstDeploy } from './first-deploy.js';
import { ratioTable } from './measure.js';
import { benchStartUp } from './start-up.js';
import { benchSynthAws } from './synth-aws.js';
import { benchSynthGcp } from './synth-gcp.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    deploys: { type: 'string', default: '3' },
    only: { type: 'string', multiple: true, default: ['start-up', 'first-deploy', 'synth-aws', 'synth-gcp'] },
  },
});
const agentctl = resolve('dist/bin/agentctl.js');

console.log(`node ${process.version}, ${process.platform} ${process.arch}; npm run build first`);
if (values.only.includes('start-up')) {
  console.log(ratioTable('start-up', await benchStartUp(agentctl, Number(values.rounds))));
}
if (values.only.includes('first-deploy')) {
  const measurements = await benchFirstDeploy(agentctl, Number(values.deploys));
  console.log(ratioTable('from nothing to healthy (examples/quickstart)', measurements));
}
if (values.only.includes('synth-aws')) {
  const measurements = await benchSynthAws(agentctl, Number(values.rounds));
  console.log(ratioTable('to checked templates for AWS (examples/state-management-demo)', measurements));
}
if (values.only.includes('synth-gcp')) {
  const measurements = await benchSynthGcp(agentctl, Number(values.rounds));
  console.log(
    ratioTable('to Terraform configurations for Google Cloud (examples/state-management-demo)', measurements),
  );
}
