import { askedSecrets } from './asked-secrets.js';
import type { ComposeContext } from './compose-context.js';
import { passwordVariables } from './password-variable.js';
import { projectName, projectNameVariable } from './project-name.js';

/** The `.env` file beside compose.yaml. */
export interface EnvironmentFile {
  readonly text: string;
  /** Declared secrets without a value. */
  readonly missing: readonly string[];
}

/**
 * Pure: the `.env` file with a line for everything compose.yaml asks for. What is there stays, to the byte: a password is
 * generated once, and a value is typed once.
 *
 * @param existing the file as it is; undefined when there is none
 */
export function environmentFile(
  { spec, stage }: Pick<ComposeContext, 'spec' | 'stage'>,
  existing: string | undefined,
  newPassword: () => string,
): EnvironmentFile {
  const values = valuesIn(existing ?? '');
  const passwords = passwordVariables(spec).filter((name) => !values.has(name));
  const asked = askedSecrets(spec);
  const secrets = asked.filter((name) => !values.has(name));
  const added = [
    ...(values.has(projectNameVariable) ? [] : [`${projectNameVariable}=${projectName({ spec, stage })}`]),
    ...(passwords.length === 0 ? [] : ['# Passwords of the databases, generated once.']),
    ...passwords.map((name) => `${name}=${newPassword()}`),
    ...(secrets.length === 0 ? [] : ['# Secrets of agentctl.yaml. Put a value with a $ in single quotes.']),
    ...secrets.map((name) => `${name}=`),
  ];
  return {
    text: join(existing ?? header, added),
    missing: asked.filter((name) => (values.get(name) ?? '') === ''),
  };
}

const header = '# Secret values for compose.yaml. Keep this file out of version control and out of images.\n';

function join(text: string, lines: readonly string[]): string {
  if (lines.length === 0) return text;
  const start = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  return `${start}${lines.join('\n')}\n`;
}

/** Names that have a line, with what is on it after the `=`. */
function valuesIn(text: string): ReadonlyMap<string, string> {
  const lines = text.matchAll(/^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*(.*?)[ \t\r]*$/gm);
  return new Map([...lines].map(([, name = '', value = '']) => [name, /^(?:''|""|#.*)$/.test(value) ? '' : value]));
}
