import { callTable } from '../../support/aws-faults/call-table.js';

await callTable('rotate', 100);
