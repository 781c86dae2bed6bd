import { DockerfileParser, From, type Instruction } from 'dockerfile-ast';

/** One instruction. */
export interface DockerfileInstruction {
  /** In capitals: `RUN`. */
  readonly keyword: string;
  /** What follows, with continued lines joined. */
  readonly text: string;
  /** Of its first line, from 1. */
  readonly line: number;
  readonly parsed: Instruction;
}

/** A `FROM` with what belongs to it. */
export interface DockerfileStage {
  readonly name: string | undefined;
  /** The image, with the build arguments in it put in place where they are known. */
  readonly base: string;
  readonly line: number;
  /** The stage of this file that it builds on; undefined for an image from elsewhere. */
  readonly parent: DockerfileStage | undefined;
  readonly instructions: readonly DockerfileInstruction[];
}

/** A Dockerfile as the rules see it. */
export interface ReadDockerfile {
  /** What stands before the first `FROM`. */
  readonly head: readonly DockerfileInstruction[];
  readonly stages: readonly DockerfileStage[];
  /** The stage that becomes the image. */
  readonly final: DockerfileStage | undefined;
}

/** How the file is built. */
export interface DockerfileBuild {
  /** The stage to stop at. @default - the last one */
  readonly target?: string | undefined;
  /** Build arguments. */
  readonly args?: Readonly<Record<string, string>> | undefined;
}

/** Pure: the stages of a Dockerfile. A text that is none has no stages. */
export function readDockerfile(text: string, { target, args = {} }: DockerfileBuild = {}): ReadDockerfile {
  const instructions = DockerfileParser.parse(text).getInstructions().map(instructionOf);
  const starts = instructions.flatMap(({ keyword }, index) => (keyword === 'FROM' ? [index] : []));
  const head = instructions.slice(0, starts[0] ?? instructions.length);
  const values = { ...defaults(head), ...args };
  const stages: DockerfileStage[] = [];
  starts.forEach((start, index) => {
    const from = instructions[start];
    if (!(from?.parsed instanceof From)) return;
    const base = withArguments(from.parsed.getImage() ?? '', values);
    stages.push({
      name: from.parsed.getBuildStage()?.toLowerCase(),
      base,
      line: from.line,
      parent: stages.findLast(({ name }) => name !== undefined && name === base.toLowerCase()),
      instructions: instructions.slice(start + 1, starts[index + 1]),
    });
  });
  const named = stages.find(({ name }, index) => name === target?.toLowerCase() || String(index) === target);
  return { head, stages, final: target === undefined ? stages.at(-1) : named };
}

/** A stage and those it builds on, the nearest first. */
export function withParents(stage: DockerfileStage): readonly DockerfileStage[] {
  return stage.parent === undefined ? [stage] : [stage, ...withParents(stage.parent)];
}

function instructionOf(parsed: Instruction): DockerfileInstruction {
  return {
    keyword: parsed.getKeyword(),
    text: (parsed.getArgumentsContent() ?? '').trim(),
    line: parsed.getRange().start.line + 1,
    parsed,
  };
}

/** `ARG NAME=value` before the first stage. */
function defaults(head: readonly DockerfileInstruction[]): Readonly<Record<string, string>> {
  const assigned = head.flatMap(({ keyword, text }) => {
    const match = keyword === 'ARG' ? /^(\w+)=["']?([^"'\s]*)["']?/.exec(text) : null;
    return match === null ? [] : [[match[1] ?? '', match[2] ?? '']];
  });
  return Object.fromEntries(assigned);
}

/** `${NAME}`, `$NAME` and `${NAME:-default}`; what is not known stays as it is. */
function withArguments(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(
    /\$(?:\{(\w+)(?::-([^}]*))?\}|(\w+))/g,
    (whole, braced?: string, fallback?: string, bare?: string) => {
      const name = braced ?? bare ?? '';
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      return (value === '' ? undefined : value) ?? fallback ?? whole;
    },
  );
}
