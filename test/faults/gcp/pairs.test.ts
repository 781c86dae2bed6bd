import { openGcpFaultStage } from '../../support/gcp-faults/gcp-fault-stage.js';
import { cloudScenarios } from '../../support/cloud-faults/cloud-scenario.js';
import { pairFault, pairs } from '../../support/cloud-faults/pair-fault.js';
import { stageTests } from '../../support/cloud-faults/stage-tests.js';
import { missingPrograms } from '../../support/gcp/missing-programs.js';

const scenario = { ...cloudScenarios.rollback, name: 'pair' };
const options = { cloud: 'gcp', open: openGcpFaultStage, missing: missingPrograms, scenario, fewestCells: 12 } as const;
await stageTests(options, async () => await Promise.resolve(pairs().map((pair) => pairFault('gcp', pair))));
