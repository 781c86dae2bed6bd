import { Arg, Env, type Property } from 'dockerfile-ast';
import { containsToken, containsUrlPassword, isSecretName, looksLikeSecret } from '../../../stacks/spec/index.js';
import type { DockerfileFinding, DockerfileRule } from '../finding.js';
import type { DockerfileInstruction } from '../read-dockerfile.js';

/** No secret is in an instruction: everybody who can pull the image can read it (`docker history`). */
export const bakedSecret: DockerfileRule = ({ head, stages }) =>
  [...head, ...stages.flatMap(({ instructions }) => instructions)].flatMap((instruction) => {
    const { parsed, line } = instruction;
    if (parsed instanceof Env) return parsed.getProperties().flatMap((property) => variable(property, line));
    if (parsed instanceof Arg) {
      const property = parsed.getProperty();
      return property === null ? [] : argument(property, line);
    }
    return literal(instruction);
  });

function variable(property: Property, line: number): readonly DockerfileFinding[] {
  const name = property.getName();
  if (!isFilledSecret(name, property.getValue() ?? '')) return [];
  const message = `the value of ENV ${name} looks like a secret, and stays readable in the image`;
  const fix = `remove it and add ${name} to secrets in agentctl.yaml; a value that was pushed counts as leaked`;
  return [{ rule: 'baked-secret', line: lineOf(property, line), message, fix }];
}

function argument(property: Property, line: number): readonly DockerfileFinding[] {
  const name = property.getName();
  const value = property.getValue();
  // Without a default the value comes from outside, and stays in the history as much.
  if (value === null || value === '' ? !isSecretName(name) : !isFilledSecret(name, value)) return [];
  const message = `the build argument ${name} stays readable in the history of the image`;
  const fix = `add ${name} to image.build.secrets and read it with RUN --mount=type=secret,id=${name}`;
  return [{ rule: 'baked-secret', line, message, fix }];
}

function isFilledSecret(name: string, value: string): boolean {
  return looksLikeSecret(name, value) || (isSecretName(name) && value.includes('$'));
}

/** In any other instruction only what has the form of a secret. */
function literal({ keyword, text, line }: DockerfileInstruction): readonly DockerfileFinding[] {
  // A password that the shell puts in place is none of the file's.
  const written = text.replace(/\$\w+|\$\([^)]*\)/g, () => '${x}');
  if (!containsToken(written) && !containsUrlPassword(written)) return [];
  const message = `this ${keyword} contains something that looks like a secret`;
  const fix =
    'read it with RUN --mount=type=secret, from image.build.secrets; a value that was pushed counts as leaked';
  return [{ rule: 'baked-secret', line, message, fix }];
}

/** Of a variable in an ENV of several lines. */
function lineOf(property: Property, line: number): number {
  return Math.max(line, property.getRange().start.line + 1);
}
