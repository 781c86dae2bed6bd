import type { z } from 'zod';
import { AgentctlError, isAgentctlError } from '../../../errors.js';
import { run } from '../../run.js';
import { gcloudArgv, type GcloudWords } from './gcloud-argv.js';
import { gcloudEnvironment } from './gcloud-environment.js';
import { gcloudFailure } from './gcloud-failure.js';

/** How gcloud is called. */
export interface GcloudOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Everything happens in it. */
  readonly project: string;
}

/** What a call gets besides its command line. */
export interface GcloudCall {
  readonly signal: AbortSignal;
  /** Its standard input: the value of a secret, a document. @default - nothing */
  readonly input?: string;
  /** Without the project, for what has none. @default false */
  readonly isGlobal?: boolean;
  /** What of the answer is asked for: `name,state`. @default - all of it */
  readonly fields?: string;
}

/** The one way to Google's command line. Every failure is an AgentctlError of {@link gcloudFailure}, or the abort of its signal. */
export interface Gcloud {
  readonly project: string;
  /** @throws ToolFailed also when the answer is of another form than expected */
  json<T>(words: GcloudWords, answer: z.ZodType<T>, call: GcloudCall): Promise<T>;
  /** For what answers nothing of use. */
  act(words: GcloudWords, call: GcloudCall): Promise<void>;
}

/** A process of gcloud takes two seconds of one core. */
const atOnce = 4;

/** Runs gcloud, some at a time. */
export function openGcloud({ environment, project }: GcloudOptions): Gcloud {
  const env = gcloudEnvironment(environment);
  const turn = turns(atOnce);
  const call = async (words: GcloudWords, { signal, input, isGlobal = false, fields }: GcloudCall): Promise<string> =>
    await turn(async () => {
      signal.throwIfAborted();
      const lines: string[] = [];
      const argv = gcloudArgv(words, isGlobal ? undefined : project, fields);
      try {
        return await run(
          { argv, env, ...(input === undefined ? {} : { input }) },
          { signal, onLine: (line) => void lines.push(line) },
        );
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        if (!isAgentctlError(error)) throw error;
        if (error.code === 'ToolMissing') throw missing(error);
        throw gcloudFailure(lines.join('\n'), { what: commandOf(words), project }, error);
      }
    });
  return {
    project,
    async json(words, answer, options) {
      const text = await call(words, options);
      const parsed = answer.safeParse(jsonIn(text));
      if (parsed.success) return parsed.data;
      throw new AgentctlError(
        'ToolFailed',
        `gcloud ${commandOf(words)} answered in a form that agentctl does not know`,
        {
          fix: 'update agentctl, or use the version of gcloud that docs/gcp.md names',
          cause: parsed.error,
        },
      );
    },
    async act(words, options) {
      await call(words, options);
    },
  };
}

/** Pure: the words up to the first name or flag, as far as they can be told: `run services describe`. */
function commandOf(words: GcloudWords): string {
  return words
    .slice(0, 5)
    .filter((word) => /^[a-z][a-z-]*$/.test(word))
    .slice(0, 4)
    .join(' ');
}

function jsonIn(text: string): unknown {
  try {
    return text.trim() === '' ? null : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function missing(cause: AgentctlError): AgentctlError {
  return new AgentctlError('ToolMissing', 'cannot find the command "gcloud"', {
    fix: 'install the Google Cloud CLI (https://cloud.google.com/sdk/docs/install), then: gcloud auth login',
    cause,
  });
}

/** Lets some run, the others wait their turn. */
function turns(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= most) await new Promise<void>((go) => waiting.push(go));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
