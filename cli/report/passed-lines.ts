/** A line that is longer comes in pieces: a program that never ends its line must not fill our memory. */
const longestLine = 16 * 1024 * 1024;

/** The lines of a program's output, put together from the chunks they arrive in. */
export interface PassedLines {
  push(bytes: Uint8Array): readonly string[];
  /** The last line, when it had no line end. */
  finish(): readonly string[];
}

/** Lines of one stream, without their line ends. */
export function passedLines(): PassedLines {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let partial = '';
  return {
    push(bytes) {
      const [first = '', ...rest] = decoder.decode(bytes, { stream: true }).split('\n');
      const lines = [partial + first, ...rest];
      partial = lines.pop() ?? '';
      const piece = partial.length > longestLine ? [partial] : [];
      if (piece.length > 0) partial = '';
      return [...lines.map((line) => line.replace(/\r$/, '')), ...piece];
    },
    finish() {
      const last = partial + decoder.decode();
      partial = '';
      return last === '' ? [] : [last];
    },
  };
}
