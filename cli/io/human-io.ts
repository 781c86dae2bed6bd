import type { SecretMask } from '../redact.js';
import { errorText } from '../report/error-text.js';
import { plainStyle, type Style } from '../report/style.js';
import { byteWriter } from './byte-writer.js';
import type { Io } from './io.js';
import { plainDisplay } from './plain-display.js';
import { colorStyle } from './color-style.js';

export interface HumanIoOptions {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly canAsk: boolean;
  /** The terminal can move its cursor: draw in place instead of line by line. */
  readonly redraw: boolean;
  readonly color: boolean;
  readonly secrets: SecretMask;
}

/** Text for people: notes, progress and errors on stderr, results on stdout. */
export function humanIo({ stdout, stderr, canAsk, redraw, color, secrets }: HumanIoOptions): Io {
  const style: Style = color ? colorStyle : plainStyle;
  const { mask, redact } = secrets;
  const pass = { out: byteWriter(stdout), err: byteWriter(stderr) };
  const say = (text: string): void => void stderr.write(`${redact(text)}\n`);
  const put = (text: string): void => void stdout.write(`${redact(text)}\n`);
  return {
    mask,
    redact,
    canAsk,
    json: false,
    style,
    note: say,
    warn: (text) => say(`${style.warn('warning')} ${text}`),
    output: put,
    pass: async (stream, bytes) => await pass[stream](bytes),
    async display(plan, done) {
      if (!redraw) return plainDisplay(plan, done, say);
      const { liveDisplay } = await import('./live-display.js');
      return liveDisplay(plan, done, stderr, style);
    },
    async confirm(question) {
      const { confirm } = await import('@inquirer/prompts');
      return await confirm({ message: question, default: false }, { output: stderr });
    },
    async askSecret(question) {
      const { password } = await import('@inquirer/prompts');
      return await password({ message: question, mask: true }, { output: stderr });
    },
    finish({ note, text, error }) {
      if (note !== undefined) say(`${style.good('✓')} ${note}`);
      if (error !== undefined) say(errorText(error, style));
      if (text !== '') put(text);
    },
  };
}
