import { StringDecoder } from 'node:string_decoder';

/** The longest line that is kept, in characters; the rest of a longer one is dropped. */
export const longestLine = 64 * 1024;

/** Kept beyond the longest line until it was redacted, so that a secret at the cut is still recognised. */
const redactionMargin = 8 * 1024;

/** Turns chunks of bytes into whole lines of text. */
export interface LineSplitter {
  push(chunk: Buffer): readonly string[];
  /** The last line, when it had no line end. */
  finish(): readonly string[];
}

/** A splitter for one stream. Lines longer than {@link longestLine} plus a margin are cut. */
export function createLineSplitter(): LineSplitter {
  const decoder = new StringDecoder('utf8');
  let partial = '';
  const take = (text: string): readonly string[] => {
    const [first = '', ...rest] = text.split('\n');
    const last = rest.pop();
    if (last === undefined) {
      partial = capped(partial + first);
      return [];
    }
    const lines = [partial + first, ...rest];
    partial = capped(last);
    return lines.map((line) => capped(line.endsWith('\r') ? line.slice(0, -1) : line));
  };
  return {
    push: (chunk) => take(decoder.write(chunk)),
    finish: () => {
      const lines = take(decoder.end());
      const last = partial;
      partial = '';
      return last === '' ? lines : [...lines, last];
    },
  };
}

/** Cuts a line, after redaction, to what is stored. */
export function cutLine(line: string): string {
  return line.length <= longestLine ? line : `${line.slice(0, longestLine)} … (cut)`;
}

function capped(text: string): string {
  return text.length <= longestLine + redactionMargin ? text : text.slice(0, longestLine + redactionMargin);
}
