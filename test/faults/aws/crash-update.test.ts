import { openAwsFaultStage } from '../../support/aws-faults/aws-fault-stage.js';
import { crashTable } from '../../support/cloud-faults/crash-table.js';

await crashTable({ cloud: 'aws', open: openAwsFaultStage, scenario: 'update', fewestCells: 30 });
