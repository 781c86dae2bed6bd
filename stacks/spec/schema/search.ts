import * as z from 'zod';
import { external } from './external.js';
import { quantity } from './quantity.js';
import { oneOf, patternedText } from './text.js';
import { wholeNumber } from './whole-number.js';

const opensearch = z
  .strictObject({
    engine: oneOf(['opensearch']).prefault('opensearch').meta({ description: 'Search engine.' }),
    version: patternedText(/^\d+(\.\d+)?$/, 'a version in quotes, such as "3" or "2.19"')
      .optional()
      .meta({ description: 'Engine version, in quotes. Default: the newest the target offers.' }),
    size: oneOf(['small', 'medium', 'large'])
      .prefault('small')
      .meta({ description: 'Machine size of a node; `clouds.<cloud>.search` overrides it.' }),
    nodes: wholeNumber(1, 80)
      .prefault(1)
      .meta({ description: 'Data nodes. Three or more survive the loss of a zone.' }),
    storage: quantity('10Gi', '16Ti').prefault('20Gi').meta({ description: 'Disk size of each node.' }),
  })
  .transform((search) => ({ kind: 'managed' as const, ...search }));

/** The search cluster: one that agentctl creates, or `{ external: … }`. */
export const searchSchema = z.union([external('a search cluster'), opensearch]);

/** The search cluster: one that agentctl creates, or one that runs elsewhere. */
export type SearchSpec = z.output<typeof searchSchema>;
