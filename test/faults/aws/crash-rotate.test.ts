import { crashTable } from '../../support/aws-faults/crash-table.js';

await crashTable('rotate', 30);
