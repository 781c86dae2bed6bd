import { callTable } from '../../support/aws-faults/call-table.js';

await callTable('rollback', 100);
