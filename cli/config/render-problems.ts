import type { ConfigProblem } from './problem.js';

/** How parts of the text are coloured; each function gets and returns plain text. */
export interface ProblemColours {
  readonly error: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
}

/** How problems are rendered. */
export interface RenderOptions {
  /** Columns a line may take. @default 80 */
  readonly width?: number;
  /** @default no colours */
  readonly colours?: ProblemColours;
  /** Whether "3 problems in agentctl.yaml" follows. @default true */
  readonly summary?: boolean;
}

const plain: ProblemColours = { error: (text) => text, strong: (text) => text, faint: (text) => text };

/** Most allowed values that are listed. */
const mostAllowed = 16;

/** How many are listed when there are more. */
const fewAllowed = 6;

/** All problems as text for people: place, source line and caret, what is allowed, what to do. No line break at the end. */
export function renderProblems(problems: readonly ConfigProblem[], options: RenderOptions = {}): string {
  const { width = 80, colours = plain, summary = true } = options;
  const blocks = problems.map((problem) => renderProblem(problem, width, colours));
  return [...blocks, ...(summary ? [summaryOf(problems)] : [])].join('\n\n');
}

function summaryOf(problems: readonly ConfigProblem[]): string {
  const file = problems[0]?.file ?? '-';
  return `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'} in ${file === '-' ? 'standard input' : file}`;
}

function renderProblem(problem: ConfigProblem, width: number, colours: ProblemColours): string {
  const gutter = ' '.repeat(String(problem.line ?? '').length + 1);
  const prefix = `error[${problem.code}]:`;
  const [first = '', ...rest] = wrap(`${prefix} ${problem.message}`, width, '    ');
  const notes = notesOf(problem).flatMap((note) => {
    const [head = '', ...tail] = wrap(note, width - gutter.length - 3, '');
    return [`${gutter} ${colours.faint('=')} ${head}`, ...tail.map((line) => `${gutter}     ${line}`)];
  });
  return [
    `${colours.error(prefix)}${colours.strong(first.slice(prefix.length))}`,
    ...rest.map(colours.strong),
    `${gutter}${colours.faint('-->')} ${placeOf(problem)}`,
    ...sourceOf(problem, gutter, colours),
    ...notes,
  ].join('\n');
}

function placeOf({ file, line, column, stage }: ConfigProblem): string {
  const name = file === '-' ? '<stdin>' : file;
  const place = line === undefined ? name : `${name}:${line}:${column}`;
  return stage === undefined ? place : `${place} (stage ${stage})`;
}

function sourceOf(problem: ConfigProblem, gutter: string, colours: ProblemColours): readonly string[] {
  const { line, sourceLine, caretColumn = 1, caretLength = 1 } = problem;
  const bar = colours.faint(`${gutter} |`);
  if (line === undefined || sourceLine === undefined || sourceLine.trim() === '') return [];
  const caret = `${' '.repeat(caretColumn - 1)}${colours.error('^'.repeat(caretLength))}`;
  return [bar, `${colours.faint(` ${line} |`)} ${sourceLine}`, `${bar} ${caret}`];
}

function notesOf({ message, found, allowed, suggestion, fix }: ConfigProblem): readonly string[] {
  const notes: string[] = [];
  if (found !== undefined && !mentions(message, found)) notes.push(`found: ${found}`);
  if (suggestion !== undefined) notes.push(`did you mean ${quoted(suggestion)}?`);
  if (allowed !== undefined && allowed.length > 0) notes.push(`allowed: ${listed(allowed)}`);
  return [...notes, `fix: ${fix}`];
}

function mentions(message: string, found: string): boolean {
  const start = message.indexOf(found);
  if (start === -1) return false;
  return !/\w/.test(`${message[start - 1] ?? ' '}${message[start + found.length] ?? ' '}`);
}

function quoted(text: string): string {
  return text.startsWith('${') ? text : `"${text}"`;
}

function listed(values: readonly string[]): string {
  if (values.length <= mostAllowed) return values.join(', ');
  return `${values.slice(0, fewAllowed).join(', ')}, and ${values.length - fewAllowed} more`;
}

/** Breaks at spaces; a word longer than a line keeps a line of its own. */
function wrap(text: string, width: number, indent: string): readonly string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (longer.length > width && current.trim() !== '') {
      lines.push(current);
      current = `${indent}${word}`;
    } else current = longer;
  }
  return [...lines, current];
}
