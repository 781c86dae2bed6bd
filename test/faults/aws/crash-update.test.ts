import { crashTable } from '../../support/aws-faults/crash-table.js';

await crashTable('update', 30);
