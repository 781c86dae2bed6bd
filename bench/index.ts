import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { benchFirstDeploy } from './first-deploy.js';
import { ratioTable } from './measure.js';
import { benchStartUp } from './start-up.js';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, deploys: { type: 'string', default: '3' } },
});
const agentctl = resolve('dist/bin/agentctl.js');

console.log(`node ${process.version}, ${process.platform} ${process.arch}; npm run build first`);
console.log(ratioTable('start-up', await benchStartUp(agentctl, Number(values.rounds))));
console.log(
  ratioTable('from nothing to healthy (examples/quickstart)', await benchFirstDeploy(agentctl, Number(values.deploys))),
);
