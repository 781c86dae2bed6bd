import { callTable } from '../../support/cloud-faults/call-table.js';
import { openGcpFaultStage } from '../../support/gcp-faults/gcp-fault-stage.js';
import { missingPrograms } from '../../support/gcp/missing-programs.js';

await callTable({
  cloud: 'gcp',
  open: openGcpFaultStage,
  missing: missingPrograms,
  scenario: 'first',
  fewestCells: 300,
});
