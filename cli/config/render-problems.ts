import type { ConfigProblem } from './problem.js';

/** How parts of the text are coloured; each function gets and returns plain text. */
export interface ProblemColours {
  readonly error: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
}

/** What to render, and how. */
export interface RenderOptions {
  readonly file: string;
  readonly problems: readonly ConfigProblem[];
  /** Columns a line may take. @default 80 */
  readonly width?: number;
  /** @default no colours */
  readonly colours?: ProblemColours;
}

const plain: ProblemColours = { error: (text) => text, strong: (text) => text, faint: (text) => text };

/** Most allowed values that are listed. */
const mostAllowed = 16;

/** All problems as text for people: place, source line and caret, what is allowed, what to do. No line break at the end. */
export function renderProblems(options: RenderOptions): string {
  const { problems, file, width = 80, colours = plain } = options;
  const blocks = problems.map((problem) => renderProblem(problem, width, colours));
  const count = `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'} in ${file === '-' ? 'standard input' : file}`;
  return [...blocks, count].join('\n\n');
}

function renderProblem(problem: ConfigProblem, width: number, colours: ProblemColours): string {
  const gutter = String(problem.line ?? '').length + 1;
  const bar = colours.faint(`${' '.repeat(gutter)} |`);
  const title = `${colours.error(`error[${problem.code}]`)}: ${colours.strong(problem.message)}`;
  const notes = notesOf(problem).flatMap((note) => wrapped(note, width - gutter - 3));
  return [
    ...wrapped(title, width).map((line, index) => (index === 0 ? line : `  ${line}`)),
    `${' '.repeat(gutter)}${colours.faint('-->')} ${placeOf(problem)}`,
    ...sourceOf(problem, bar, colours),
    ...notes.map(({ text, first }) => `${' '.repeat(gutter)} ${first ? '=' : ' '} ${text}`),
  ].join('\n');
}
