import { isPlainMap, type PlainMap } from '../plain-map.js';
import type { SpecProblem } from '../problem.js';
import { parseTemplate } from '../template.js';
import type { Rule } from './rule.js';

/** The password of the registry is one declared secret, never a text of the file; there is a registry to log in to. */
export const registryLogin: Rule = ({ clouds, secrets }, context) => {
  const { registryLogin: login, registry } = clouds.local ?? {};
  if (login === undefined) return [];
  const path = ['clouds', 'local', 'registryLogin'];
  const unused: readonly SpecProblem[] =
    registry === undefined && !isWritten(context.input)
      ? [
          {
            code: 'missing-key',
            path,
            at: 'key',
            message: 'there is a registryLogin, but no registry to log in to',
            fix: 'add "registry: registry.example.com/agents" to clouds.local, or remove registryLogin',
          },
        ]
      : [];
  return [...unused, ...passwordProblems(login.password, secrets, context.isUnsure('secrets'))];
};

/** A registry that could not be read is reported as that. */
function isWritten({ clouds }: PlainMap): boolean {
  const local = isPlainMap(clouds) ? clouds['local'] : undefined;
  return isPlainMap(local) && Object.hasOwn(local, 'registry');
}

function passwordProblems(
  password: string,
  secrets: readonly string[],
  isUnsureOfSecrets: boolean,
): readonly SpecProblem[] {
  const place = { path: ['clouds', 'local', 'registryLogin', 'password'], at: 'value' as const };
  const [part, ...more] = parseTemplate(password);
  if (part?.kind !== 'reference' || more.length > 0 || !part.reference.startsWith('secrets.')) {
    // What stands there may be the password, so it is not shown.
    const message = 'the password must be one ${secrets.NAME} and nothing else';
    const fix = 'add a name to secrets, refer to it as "${secrets.NAME}", and run "agentctl secrets set NAME"';
    return [{ ...place, code: 'secret-in-file', message, fix }];
  }
  const name = part.reference.slice('secrets.'.length);
  if (secrets.includes(name) || isUnsureOfSecrets) return [];
  const message = `\${secrets.${name}} is not in secrets`;
  const allowed = secrets.map((secret) => `\${secrets.${secret}}`);
  return [{ ...place, code: 'undeclared-secret', message, allowed, fix: `add ${name} to secrets` }];
}
