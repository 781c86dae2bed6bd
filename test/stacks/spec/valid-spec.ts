import { type AgentSpec, parseSpec, type ParseContext, type SpecProblem } from '../../../stacks/spec/index.js';

/** A spec input that is valid everywhere it names, to be changed by a test. */
export function specInput(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const api = { command: ['node', 'server.js'], port: 8000, routes: [{ path: '/' }], health: { readiness: '/health' } };
  return { name: 'support-agent', services: { api }, ...changes };
}

/** {@link specInput} with settings added to its only service. */
export function serviceInput(
  settings: Readonly<Record<string, unknown>>,
  changes: Readonly<Record<string, unknown>> = {},
) {
  const input = specInput(changes);
  const { api } = input['services'] as Record<string, Record<string, unknown>>;
  return { ...input, services: { ...(input['services'] as object), api: { ...api, ...settings } } };
}

/** The spec of an input that must be valid. */
export function validSpec(input: unknown, context: Partial<ParseContext> = {}): AgentSpec {
  const parsed = parseSpec(input, { stage: 'production', ...context });
  if (parsed.kind === 'valid') return parsed.spec;
  throw new Error(`unexpectedly invalid: ${parsed.problems.map(({ message }) => message).join('; ')}`);
}

/** The problems of an input; none when it is valid. */
export function problemsOf(input: unknown, context: Partial<ParseContext> = {}): readonly SpecProblem[] {
  const parsed = parseSpec(input, { stage: 'production', ...context });
  return parsed.kind === 'valid' ? [] : parsed.problems;
}

/** The problems as `code path`, sorted. */
export function codesOf(input: unknown, context: Partial<ParseContext> = {}): readonly string[] {
  return problemsOf(input, context)
    .map(({ code, path }) => `${code} ${path.join('.')}`)
    .toSorted();
}
