import type { DockerfileFinding, DockerfileRule } from '../finding.js';
import { type DockerfileInstruction, withParents } from '../read-dockerfile.js';

/**
 * What the image starts is no shell: it would get the SIGTERM of a rollout, keep it from the program, and requests would be
 * cut off by the SIGKILL after it. Only what is in force counts: the last ENTRYPOINT and the last CMD.
 */
export const shellForm: DockerfileRule = ({ final }) => {
  if (final === undefined) return [];
  return ['ENTRYPOINT', 'CMD'].flatMap((keyword): readonly DockerfileFinding[] => {
    const last = withParents(final).flatMap(
      ({ instructions }) => instructions.findLast((instruction) => instruction.keyword === keyword) ?? [],
    )[0];
    return last === undefined ? [] : findingsOf(last);
  });
};

function findingsOf({ keyword, text, line }: DockerfileInstruction): readonly DockerfileFinding[] {
  if (text === '' || isList(text) || /^exec\s/.test(text)) return [];
  if (text.startsWith('[')) {
    const message = `this ${keyword} is not a JSON list, so a shell gets it as it stands`;
    return [{ rule: 'shell-form', line, message, fix: 'put each item in double quotes' }];
  }
  const message = `a shell runs this ${keyword} and keeps SIGTERM from the program`;
  const fix = `write it as a list, ${keyword} ["program", "argument"], or put exec before the program`;
  return [{ rule: 'shell-form', line, message, fix }];
}

function isList(text: string): boolean {
  try {
    const list: unknown = JSON.parse(text.replace(/\\\r?\n/g, ' '));
    return Array.isArray(list) && list.every((item) => typeof item === 'string');
  } catch {
    return false;
  }
}
