import * as z from 'zod';
import { text } from './text.js';

/** `{ external: … }`: something that already runs elsewhere, reached by a URL that usually is a secret reference. */
export function external(what: string) {
  return z
    .strictObject({
      external: text('a URL or a reference such as "${secrets.DATABASE_URL}"').meta({
        description: `URL of ${what} that you run yourself, usually a reference such as \`\${secrets.NAME}\`.`,
      }),
    })
    .transform((value) => ({ kind: 'external' as const, url: value.external }));
}
