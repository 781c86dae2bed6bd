import { callTable } from '../../support/aws-faults/call-table.js';

await callTable('destroy', 60);
