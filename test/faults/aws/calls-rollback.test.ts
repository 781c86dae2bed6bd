import { openAwsFaultStage } from '../../support/aws-faults/aws-fault-stage.js';
import { callTable } from '../../support/cloud-faults/call-table.js';

await callTable({ cloud: 'aws', open: openAwsFaultStage, scenario: 'rollback', fewestCells: 100 });
