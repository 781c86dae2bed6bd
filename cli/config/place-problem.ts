import { allowedKeysAt, secretsMasked, type SpecProblem } from '../../stacks/spec/index.js';
import type { Finding } from './finding.js';
import { locate, type Place } from './locate.js';
import type { ParsedYaml } from './parse-yaml.js';
import { mask } from './mask-secrets.js';
import type { ConfigProblem } from './problem.js';
import { sourceLineAt } from './source-line.js';
import { byNearness, suggest, suggestReference } from './suggest.js';

/** A problem with its offsets in the file, before the source lines are cut. */
export interface PlacedProblem {
  readonly problem: Omit<ConfigProblem, 'line' | 'column' | 'sourceLine' | 'caretColumn' | 'caretLength'>;
  readonly place: Place;
  readonly hidesValue: boolean;
}

/** Puts a problem of the spec where it stands in the file, with what was probably meant. */
export function placeSpecProblem(yaml: ParsedYaml, file: string, problem: SpecProblem, stage: string): PlacedProblem {
  const { at, ...shown } = problem;
  const place = locate(yaml, problem.path, at, stage);
  const meant = meantBy(problem);
  return {
    problem: {
      file,
      ...shown,
      path: problem.path.map(shownPart),
      ...meant,
      ...(place.stage === undefined ? {} : { stage: place.stage }),
    },
    place,
    hidesValue: hidesValue(problem),
  };
}

function shownPart(part: string | number): string | number {
  return typeof part === 'string' ? secretsMasked(part, mask) : part;
}

/** Puts a problem of the YAML where it stands in the file. */
export function placeFinding(file: string, finding: Finding): PlacedProblem {
  const { start, end, ...problem } = finding;
  return { problem: { file, ...problem }, place: { start, end }, hidesValue: false };
}

/** Cuts the source lines. No line shows a value that any problem hides. */
export function withSourceLines(yaml: ParsedYaml, placed: readonly PlacedProblem[]): readonly ConfigProblem[] {
  const hidden = placed.flatMap(({ hidesValue, place }) =>
    hidesValue && place.value !== undefined ? [place.value] : [],
  );
  return placed.map(({ problem, place }) => {
    const { line, col } = yaml.lines.linePos(Math.min(place.start, yaml.text.length));
    const lineStart = yaml.lines.lineStarts[line - 1] ?? 0;
    const text = yaml.text.slice(lineStart).split(/\r?\n/, 1)[0] ?? '';
    const within = ({ start, end }: Pick<Place, 'start' | 'end'>): { start: number; end: number } => ({
      start: Math.max(start - lineStart, 0),
      end: Math.min(end - lineStart, text.length),
    });
    const onLine = hidden.filter(({ start, end }) => start < lineStart + text.length && end > lineStart).map(within);
    const source = sourceLineAt(text, within(place), onLine);
    return { ...problem, line, column: col, ...source };
  });
}

function hidesValue({ code, path, found }: SpecProblem): boolean {
  if (code === 'secret-in-file') return true;
  const last = path.at(-1);
  if (path.includes('env') && found === 'a number') return true;
  if (code === 'wrong-type') return last === 'env' || last === 'secrets' || last === 'args';
  return code === 'bad-name' && path[0] === 'secrets';
}

const replacesFix: ReadonlySet<string> = new Set([
  'unknown-key',
  'not-allowed',
  'unknown-region',
  'unknown-reference',
  'unknown-service',
]);

type Meant = Pick<ConfigProblem, 'suggestion' | 'allowed'> & { readonly fix: string };

function meantBy(problem: SpecProblem): Meant {
  const { code, path, fix, at } = problem;
  if (problem.allowed === undefined) return { fix };
  const word = at === 'key' ? String(path.at(-1)) : (problem.found ?? '').replaceAll('"', '');
  const allowed = byNearnessWhenMany(word, problem.allowed);
  const nested = code === 'unknown-key' ? keyWithin(path.slice(0, -1), word, allowed) : undefined;
  const suggestion = nested ?? (word.startsWith('${') ? suggestReference(word, allowed) : suggest(word, allowed));
  if (suggestion === undefined || fix === `write ${suggestion}`) return { allowed, fix };
  if (!replacesFix.has(code) || fix.startsWith('write ')) return { allowed, suggestion, fix };
  return { allowed, suggestion, fix: at === 'key' ? renamingFix(word, suggestion) : `write ${suggestion}` };
}

function renamingFix(word: string, suggestion: string): string {
  const [section = '', key] = suggestion.split('.');
  if (key === undefined) return `rename it to "${suggestion}"`;
  return key === word ? `move it into "${section}"` : `move it into "${section}", as "${key}"`;
}

/** More are cut short when shown, so the likeliest come first. */
function byNearnessWhenMany(word: string, allowed: readonly string[]): readonly string[] {
  return allowed.length > 16 ? byNearness(word, allowed) : allowed;
}

/** The key within an allowed one that has this name: `memory` beside `size` is `size.memory`. */
function keyWithin(path: SpecProblem['path'], word: string, allowed: readonly string[]): string | undefined {
  if (path.length === 0) return undefined;
  const section = allowed.find((key) => allowedKeysAt([...path, key]).includes(word));
  return section === undefined ? undefined : `${section}.${word}`;
}
