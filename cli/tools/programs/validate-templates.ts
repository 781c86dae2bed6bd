import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { AgentctlError, isAgentctlError } from '../../errors.js';
import { FindingCache } from './finding-cache.js';
import { startProgram, type StartedProgram } from './start-program.js';
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
  readonly environment: Readonly<Record<string, string | undefined>>;
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
  let validator = options.isLikelyKnown ? undefined : startProgram('validate-aws', options);
  try {
    const read = (await templates).map(async (path) => {
      const text = await readFile(path, 'utf8');
      return { path, text, known: await cache.find(text) };
    });
    const entries = await Promise.all(read);
    const unknown = entries.filter(({ known }) => known === undefined).map(({ path }) => path);
    const found =
      unknown.length === 0 ? {} : await ask((validator ??= startProgram('validate-aws', options)), unknown, signal);
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

async function ask(
  validator: StartedProgram,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<Readonly<Record<string, readonly TemplateFinding[]>>> {
  try {
    return validatorOutput.parse(JSON.parse(await validator.ask(`${paths.join('\n')}\n`))).findings;
  } catch (error) {
    signal.throwIfAborted();
    throw failed('its last lines are below', error);
  }
}

function failed(message: string, cause: unknown): AgentctlError {
  const detail = isAgentctlError(cause) ? cause.detail : undefined;
  return new AgentctlError('ToolFailed', `the validator of the templates failed: ${message}`, {
    fix: 'run the same command again; when it fails again, report it with what is shown here',
    ...(detail === undefined ? {} : { detail }),
    cause,
  });
}
