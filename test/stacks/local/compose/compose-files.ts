import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ComposeContext, ComposeProject } from '../../../../stacks/local/compose/index.js';
import { type AgentSpec, parseSpec } from '../../../../stacks/spec/index.js';

export const casesDirectory = join(import.meta.dirname, '../../../fixtures/projects/compose');

/** A spec that was checked for the docker runtime of the local target. */
export function specFrom(input: unknown): AgentSpec {
  const parsed = parseSpec(input, { stage: 'local', target: 'local' });
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems));
  return parsed.spec;
}

export function specNamed(name: string): AgentSpec {
  return specFrom(parse(readFileSync(join(casesDirectory, `${name}.yaml`), 'utf8')));
}

export function contextFor(spec: AgentSpec): ComposeContext {
  return { spec, stage: 'local', projectPath: '../../..', environmentFile: '.agentctl/synth/local-local/.env' };
}

/** compose.yaml as Compose sees it before it fills in variables: extension fields are only there to be merged. */
export function readCompose(text: string): ComposeProject {
  const { 'x-environment': _, ...project } = parse(text, { version: '1.1', merge: true });
  return project;
}

/** What Compose makes of a text: `$$`, `${NAME:?message}` and `${NAME:-default}`. */
export function interpolate(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$(?:\$|\{(\w+)(?::([?-])([^}]*))?\})/g, (whole, name?: string, kind?: string, rest = '') => {
    if (name === undefined) return '$';
    const value = variables[name] ?? '';
    if (value !== '') return value;
    if (kind === '-') return String(rest);
    throw new Error(`${whole} has no value`);
  });
}
