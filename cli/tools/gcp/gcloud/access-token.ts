import * as z from 'zod';
import type { Gcloud } from './gcloud.js';

/** A token is good for an hour; one that is older than this is asked for again. */
const freshMilliseconds = 20 * 60_000;

/** Tokens of whoever is logged in to gcloud. */
export interface AccessTokens {
  /** Asked for once in a while; masked. */
  current(signal: AbortSignal): Promise<string>;
  /** The one that was handed out is no good: the next is asked for. */
  forget(): void;
}

/** `gcloud auth print-access-token`, remembered. */
export function accessTokens(
  gcloud: Gcloud,
  mask: (values: readonly string[]) => void,
  now: () => number = () => performance.now(),
): AccessTokens {
  let known: { readonly token: Promise<string>; readonly at: number } | undefined;
  const ask = async (signal: AbortSignal): Promise<string> => {
    const { token } = await gcloud.json(tokenCommand, tokenAnswer, { signal, isGlobal: true, fields: 'token' });
    mask([token]);
    return token;
  };
  return {
    async current(signal) {
      if (known === undefined || now() - known.at > freshMilliseconds) known = { token: ask(signal), at: now() };
      const { token } = known;
      return await token.catch((error: unknown) => {
        if (known?.token === token) known = undefined;
        throw error;
      });
    },
    forget: () => {
      known = undefined;
    },
  };
}

/** The only command that hands out a token. */
export const tokenCommand = ['auth', 'print-access-token'] as const;

/** Nothing else of the credentials is asked for. */
const tokenAnswer = z.object({ token: z.string().min(1) });
