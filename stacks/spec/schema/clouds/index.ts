import * as z from 'zod';
import { awsSchema } from './aws.js';
import { azureSchema } from './azure.js';
import { gcpSchema } from './gcp.js';
import { kubernetesSchema } from './kubernetes.js';
import { localSchema } from './local.js';

/** Settings per target; a target that is absent takes its defaults or cannot be deployed to. */
export const cloudsSchema = z.strictObject({
  aws: awsSchema.optional().meta({ description: 'AWS.' }),
  gcp: gcpSchema.optional().meta({ description: 'Google Cloud.' }),
  azure: azureSchema.optional().meta({ description: 'Azure.' }),
  kubernetes: kubernetesSchema.optional().meta({ description: 'Kubernetes, on any cluster.' }),
  local: localSchema.optional().meta({ description: 'This machine.' }),
});

/** Settings per target. */
export type CloudsSpec = z.output<typeof cloudsSchema>;
