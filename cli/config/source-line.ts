import { mask, maskSecrets } from './mask-secrets.js';

/** A line of the file as it may be shown, with the place of the caret. Columns count from 1. */
export interface SourceLine {
  readonly sourceLine: string;
  readonly caretColumn: number;
  readonly caretLength: number;
}

/** Longest line that is shown. */
const longest = 110;

/**
 * The line around a place. `hidden` are the offsets (within the line) of values that must not be shown; known secrets
 * are masked anyway.
 */
export function sourceLineAt(
  line: string,
  place: { readonly start: number; readonly end: number },
  hidden: readonly { readonly start: number; readonly end: number }[],
): SourceLine {
  const cut = (from: number, to: number): string => {
    let text = '';
    let end = from;
    for (const secret of hidden.toSorted((left, right) => left.start - right.start)) {
      if (secret.end <= from || secret.start >= to || secret.end <= end) continue;
      text += line.slice(end, Math.max(secret.start, end)) + mask;
      end = Math.min(secret.end, to);
    }
    return text + line.slice(end, to);
  };
  const whole = maskSecrets(cut(0, line.length));
  const column = Math.min(maskSecrets(cut(0, place.start)).length, whole.length) + 1;
  const end = Math.min(Math.max(place.end, place.start + 1), line.length);
  const length = maskSecrets(cut(0, end)).length - column + 1;
  const caretLength = Math.max(1, Math.min(length, whole.length - column + 1));
  return windowed({ sourceLine: whole.replaceAll('\t', ' '), caretColumn: column, caretLength });
}

function windowed(source: SourceLine): SourceLine {
  const { sourceLine, caretColumn: column, caretLength } = source;
  if (sourceLine.length <= longest) return source;
  const from = column > longest - 20 ? column - 40 : 0;
  const head = from > 0 ? '…' : '';
  const text = sourceLine.slice(from, from + longest);
  const tail = from + longest < sourceLine.length ? '…' : '';
  const shifted = column - from + head.length;
  return {
    sourceLine: `${head}${text}${tail}`,
    caretColumn: shifted,
    caretLength: Math.max(1, Math.min(caretLength, text.length + head.length - shifted + 1)),
  };
}
