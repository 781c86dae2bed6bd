import { callTable } from '../../support/aws-faults/call-table.js';

await callTable('update', 240);
