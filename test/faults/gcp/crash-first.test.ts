import { crashTable } from '../../support/cloud-faults/crash-table.js';
import { openGcpFaultStage } from '../../support/gcp-faults/gcp-fault-stage.js';
import { missingPrograms } from '../../support/gcp/missing-programs.js';

await crashTable({
  cloud: 'gcp',
  open: openGcpFaultStage,
  missing: missingPrograms,
  scenario: 'first',
  fewestCells: 60,
});
