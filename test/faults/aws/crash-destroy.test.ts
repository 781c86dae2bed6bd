import { crashTable } from '../../support/aws-faults/crash-table.js';

await crashTable('destroy', 30);
