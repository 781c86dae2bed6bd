import * as z from 'zod';
import { quantity } from './quantity.js';

const cpuError = 'a number of vCPU from 0.25 to 32, such as 0.5, 1 or 2';

/** CPU and memory of one replica. */
export const sizeSchema = z.strictObject({
  cpu: z
    .number({ error: cpuError })
    .min(0.25, { error: cpuError })
    .max(32, { error: cpuError })
    .prefault(1)
    .meta({ description: 'vCPU per replica.' }),
  memory: quantity('128Mi', '244Gi').prefault('2Gi').meta({ description: 'Memory per replica.' }),
});

/** CPU and memory of one replica. */
export type SizeSpec = z.output<typeof sizeSchema>;
