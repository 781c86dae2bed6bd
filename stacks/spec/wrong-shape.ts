import { isPlainMap } from './plain-map.js';
import { formatPath, type SpecPath, type SpecProblem } from './problem.js';
import { containsToken, containsUrlPassword } from './secret-shapes.js';
import { needsShell, splitCommand } from './split-command.js';

/** Problems whose fix is clearer than "write a list": a command as one text, `env` as a list, `secrets` with values. */
export function wrongShapeProblem(path: SpecPath, value: unknown): SpecProblem | undefined {
  const key = path.at(-1);
  if (key === 'command' && typeof value === 'string') return commandAsText(path, value);
  if (key === 'env' && Array.isArray(value)) return environmentAsList(path);
  if (path[0] === 'secrets' && path.length === 1 && isPlainMap(value)) return secretsWithValues(path);
  if (path[0] === 'secrets' && path.length === 2 && typeof value === 'string') return badSecretName(path);
  return undefined;
}

function commandAsText(path: SpecPath, text: string): SpecProblem {
  const hidden = containsToken(text) || containsUrlPassword(text);
  const list = needsShell(text) ? `[sh, -c, ${JSON.stringify(text)}]` : splitCommand(text);
  return {
    code: needsShell(text) ? 'shell-in-command' : 'wrong-type',
    path,
    at: 'value',
    message: `${formatPath(path)} must be a list: the program, then one item per argument`,
    found: needsShell(text) ? 'a text for a shell' : 'a text',
    fix: hidden ? 'write it as a list' : `write ${list}`,
  };
}

function environmentAsList(path: SpecPath): SpecProblem {
  return {
    code: 'wrong-type',
    path,
    at: 'value',
    message: `${formatPath(path)} must be a map of names to texts`,
    found: 'a list',
    fix: 'write one "NAME: value" per line, without dashes',
  };
}

function secretsWithValues(path: SpecPath): SpecProblem {
  return {
    code: 'wrong-type',
    path,
    at: 'value',
    message: 'secrets must be a list of names, without values',
    found: 'a map',
    fix: 'write "secrets: [NAME]" and set the value with "agentctl secrets set NAME"',
  };
}

function badSecretName(path: SpecPath): SpecProblem {
  return {
    code: 'bad-name',
    path,
    at: 'value',
    message: `${formatPath(path)} must be a name such as OPENAI_API_KEY`,
    found: 'a text',
    fix: 'write only the name; set the value with "agentctl secrets set NAME"',
  };
}
