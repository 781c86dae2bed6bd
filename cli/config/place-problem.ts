import { allowedKeysAt, type SpecProblem } from '../../stacks/spec/index.js';
import type { Finding } from './finding.js';
import { locate, type Place } from './locate.js';
import type { ParsedYaml } from './parse-yaml.js';
import type { ConfigProblem } from './problem.js';
import { sourceLineAt } from './source-line.js';
import { suggest } from './suggest.js';

/** A problem with its offsets in the file, before the source lines are cut. */
export interface PlacedProblem {
  readonly problem: Omit<ConfigProblem, 'line' | 'column' | 'sourceLine' | 'caretLength'>;
  readonly place: Place;
  readonly hidesValue: boolean;
}

/** Puts a problem of the spec where it stands in the file, with what was probably meant. */
export function placeSpecProblem(yaml: ParsedYaml, file: string, problem: SpecProblem, stage: string): PlacedProblem {
  const { at, ...shown } = problem;
  const place = locate(yaml, problem.path, at, stage);
  const meant = meantBy(problem);
  return {
    problem: { file, ...shown, ...meant, ...(place.stage === undefined ? {} : { stage: place.stage }) },
    place,
    hidesValue: hidesValue(problem),
  };
}

/** Puts a problem of the YAML where it stands in the file. */
export function placeFinding(file: string, finding: Finding): PlacedProblem {
  const { start, end, ...problem } = finding;
  return { problem: { file, ...problem }, place: { start, end }, hidesValue: false };
}

/** Cuts the source lines. No line shows a value that any problem hides. */
export function withSourceLines(yaml: ParsedYaml, placed: readonly PlacedProblem[]): readonly ConfigProblem[] {
  const hidden = placed.filter(({ hidesValue }) => hidesValue).map(({ place }) => place);
  return placed.map(({ problem, place }) => {
    const { line, col } = yaml.lines.linePos(Math.min(place.start, yaml.text.length));
    const lineStart = yaml.lines.lineStarts[line - 1] ?? 0;
    const text = yaml.text.slice(lineStart).split(/\r?\n/, 1)[0] ?? '';
    const within = ({ start, end }: Place): { start: number; end: number } => ({
      start: Math.max(start - lineStart, 0),
      end: Math.min(end - lineStart, text.length),
    });
    const onLine = hidden.filter(({ start, end }) => start < lineStart + text.length && end > lineStart).map(within);
    const source = sourceLineAt(text, within(place), onLine);
    return { ...problem, line, column: col, sourceLine: source.sourceLine, caretColumn: source.column, caretLength: source.caretLength };
  });
}

function hidesValue({ code, path }: SpecProblem): boolean {
  if (code === 'secret-in-file') return true;
  const last = path.at(-1);
  if (code === 'wrong-type') return last === 'env' || last === 'secrets' || last === 'args';
  return code === 'bad-name' && path[0] === 'secrets';
}

const replacesFix: ReadonlySet<string> = new Set(['unknown-key', 'not-allowed', 'unknown-region', 'unknown-reference', 'unknown-service']);

function meantBy(problem: SpecProblem): Pick<ConfigProblem, 'suggestion'> & { readonly fix: string } {
  const { code, allowed, path, fix, found } = problem;
  if (allowed === undefined) return { fix };
  const word = problem.at === 'key' ? String(path.at(-1)) : (found ?? '').replaceAll('"', '');
  const nested = code === 'unknown-key' ? keyWithin(path.slice(0, -1), word, allowed) : undefined;
  if (nested !== undefined) return { suggestion: `${nested}.${word}`, fix: `move it into "${nested}"` };
  const suggestion = suggest(word, allowed);
  if (suggestion === undefined || fix === `write ${suggestion}`) return { fix };
  if (!replacesFix.has(code) || fix.startsWith('write ')) return { suggestion, fix };
  return { suggestion, fix: problem.at === 'key' ? `rename it to "${suggestion}"` : `write ${suggestion}` };
}

/** The allowed key whose own map has this key: `memory` beside `size` belongs into it. */
function keyWithin(path: SpecProblem['path'], word: string, allowed: readonly string[]): string | undefined {
  if (path.length === 0) return undefined;
  return allowed.find((key) => allowedKeysAt([...path, key]).includes(word));
}
