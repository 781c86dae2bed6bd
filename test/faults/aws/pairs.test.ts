import { awsScenarios } from '../../support/aws-faults/aws-scenario.js';
import { pairFault, pairs } from '../../support/aws-faults/pair-fault.js';
import { stageTests } from '../../support/aws-faults/stage-tests.js';

const scenario = { ...awsScenarios.rollback, name: 'pair' };
await stageTests(scenario, 12, async () => await Promise.resolve(pairs().map(pairFault)));
