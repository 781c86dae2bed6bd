import * as z from 'zod';
import { text } from './text.js';

/** The public host name. */
export const domainSchema = z.strictObject({
  name: text('a host name such as agent.example.com').meta({
    description: 'Public host name, without scheme and path.',
  }),
});

/** The public host name. */
export type DomainSpec = z.output<typeof domainSchema>;
