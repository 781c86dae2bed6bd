import { openAwsFaultStage } from '../../support/aws-faults/aws-fault-stage.js';
import { cloudScenarios } from '../../support/cloud-faults/cloud-scenario.js';
import { pairFault, pairs } from '../../support/cloud-faults/pair-fault.js';
import { stageTests } from '../../support/cloud-faults/stage-tests.js';

const scenario = { ...cloudScenarios.rollback, name: 'pair' };
const options = { cloud: 'aws', open: openAwsFaultStage, scenario, fewestCells: 12 } as const;
await stageTests(options, async () => await Promise.resolve(pairs().map((pair) => pairFault('aws', pair))));
