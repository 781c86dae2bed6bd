import { isSecretTemplate, referencesIn, resolveTemplate } from '../../../stacks/spec/index.js';
import { AgentctlError, messageOf } from '../../errors.js';
import { type ReferenceContext, lookUpReference } from './reference-lookup.js';

/** What is to be started, as the manifest says it. */
export interface LaunchTemplate {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** The same with every reference filled in. */
export interface ResolvedLaunch {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Env values made with a secret, which are secrets themselves. */
  readonly secretValues: readonly string[];
}

/**
 * Fills in the references of a command and its environment.
 *
 * @throws AgentctlError SecretMissing: a secret without value; SpecInvalid: a reference to something that is not there,
 *   or a secret in a command
 */
export function resolveLaunch(template: LaunchTemplate, context: ReferenceContext): ResolvedLaunch {
  const secretItem = template.command.find((item) => isSecretTemplate(item));
  if (secretItem !== undefined) {
    throw new AgentctlError(
      'SpecInvalid',
      `the command item "${secretItem}" holds a secret, which every user of the machine could read`,
      {
        fix: 'Put the reference into `env` and let the program read the variable.',
      },
    );
  }
  const resolve = (text: string, place: string): string => resolveText(text, place, context);
  const entries = Object.entries(template.env).map(([name, text]) => [name, resolve(text, `env ${name}`)] as const);
  const secretNames = new Set(Object.keys(template.env).filter((name) => isSecretTemplate(template.env[name] ?? '')));
  return {
    command: template.command.map((item) => resolve(item, 'the command')),
    env: Object.fromEntries(entries),
    secretValues: entries.filter(([name]) => secretNames.has(name)).map(([, value]) => value),
  };
}

/** The services whose internal URL is referred to. */
export function servicesReferredTo(template: LaunchTemplate): readonly string[] {
  const references = [...template.command, ...Object.values(template.env)].flatMap((text) => referencesIn(text));
  const names = references.flatMap((reference) => /^services\.(.+)\.url$/.exec(reference)?.[1] ?? []);
  return [...new Set(names)];
}

function resolveText(text: string, place: string, context: ReferenceContext): string {
  let missing = '';
  try {
    return resolveTemplate(text, (reference) => {
      const value = lookUpReference(reference, context);
      if (value === undefined) missing = reference;
      return value;
    });
  } catch (cause) {
    if (missing === '') throw cause;
    throw new AgentctlError('SpecInvalid', `\${${missing}} in ${place} stands for nothing here: ${messageOf(cause)}`, {
      fix: `Remove the reference, or add to agentctl.yaml what \${${missing}} refers to.`,
      cause,
    });
  }
}
