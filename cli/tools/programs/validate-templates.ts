import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { execa, type ExecaError } from 'execa';
import { AgentctlError, isAgentctlError } from '../../errors.js';
import { FindingCache } from './finding-cache.js';
import { programCommand } from './program-command.js';
import { type TemplateFinding, validatorOutput } from './template-finding.js';

export interface ValidateTemplatesOptions {
  /** Paths of the templates, once they are written: the validator comes up meanwhile. */
  readonly templates: Promise<readonly string[]>;
  /** Where findings are kept by the content of a template, such as `.agentctl/cache/validate`. */
  readonly cacheDirectory: string;
  /**
   * Whether the templates are likely to be known, as they are when this spec was synthesized before: then the validator is
   * started only for one that turns out to be new, instead of at once. Wrong, it costs time and nothing else.
   */
  readonly isLikelyKnown: boolean;
  readonly signal: AbortSignal;
}

/** Findings of one template, and whether they were known. */
export interface ValidatedTemplate {
  readonly path: string;
  readonly findings: readonly TemplateFinding[];
  readonly isFromCache: boolean;
}

/**
 * What CloudFormation Validate finds in templates, in their order: from the cache where the content is unchanged, else from
 * `bin/validate-aws` (2 s, most of which is its start; measured by `npm run bench`).
 *
 * @throws ToolFailed when the validator fails: a template that was not validated never passes as one without findings.
 * What `templates` is rejected with.
 */
export async function validateTemplates(options: ValidateTemplatesOptions): Promise<readonly ValidatedTemplate[]> {
  const { templates, signal } = options;
  const cache = new FindingCache(options.cacheDirectory);
  let validator = options.isLikelyKnown ? undefined : startValidator(signal);
  try {
    const read = (await templates).map(async (path) => {
      const text = await readFile(path, 'utf8');
      return { path, text, known: await cache.find(text) };
    });
    const entries = await Promise.all(read);
    const unknown = entries.filter(({ known }) => known === undefined).map(({ path }) => path);
    const found = unknown.length === 0 ? {} : await (validator ??= startValidator(signal)).validate(unknown);
    return await Promise.all(
      entries.map(async ({ path, text, known }) => {
        if (known !== undefined) return { path, findings: known, isFromCache: true };
        const findings = found[path];
        if (findings === undefined) throw failed(`it said nothing about ${basename(path)}`, undefined);
        await cache.keep(text, findings);
        return { path, findings, isFromCache: false };
      }),
    );
  } finally {
    validator?.stop();
  }
}

interface Validator {
  validate(paths: readonly string[]): Promise<Readonly<Record<string, readonly TemplateFinding[]>>>;
  stop(): void;
}

function startValidator(signal: AbortSignal): Validator {
  const [file, ...args] = programCommand('validate-aws');
  const child = execa(file, args, { cancelSignal: signal, env: environment(), extendEnv: false });
  // Awaited in validate; until then, and when it is stopped because nothing is left to do, nobody listens.
  child.catch(() => undefined);
  return {
    async validate(paths) {
      child.stdin.end(`${paths.join('\n')}\n`);
      try {
        return validatorOutput.parse(JSON.parse((await child).stdout)).findings;
      } catch (error) {
        signal.throwIfAborted();
        throw isAgentctlError(error) ? error : failed('its last lines are below', error);
      }
    },
    stop: () => child.kill(),
  };
}

/** It needs no more than to start, and a place for its code cache: no credentials. */
function environment(): Record<string, string> {
  const names = ['PATH', 'HOME', 'XDG_CACHE_HOME', 'TMPDIR', 'SystemRoot', 'USERPROFILE'];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

function failed(message: string, cause: unknown): AgentctlError {
  const { stderr } = (cause ?? {}) as Partial<ExecaError>;
  return new AgentctlError('ToolFailed', `the validator of the templates failed: ${message}`, {
    fix: 'run the same command again; when it fails again, report it with what is shown here',
    detail: typeof stderr === 'string' ? stderr.split('\n').slice(-20).join('\n') : '',
    cause,
  });
}
