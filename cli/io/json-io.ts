import type { SecretMask } from '../redact.js';
import { type JsonLine, jsonLine, jsonLinesVersion } from '../report/json-lines.js';
import { passedLines } from '../report/passed-lines.js';
import { plainStyle } from '../report/style.js';
import { byteWriter } from './byte-writer.js';
import type { Io } from './io.js';

const cannotAsk = (): never => {
  throw new Error('asked a question with --json');
};

/** Words of the protocol: whoever reads it branches on them, and a secret of the same text tells nothing. */
const protocolFields: ReadonlySet<string> = new Set(['type', 'state', 'step', 'code', 'how']);

/** JSON lines on stdout, nothing on stderr, no questions. */
export function jsonIo(stdout: NodeJS.WritableStream, { mask, redact }: SecretMask): Io {
  const masked = (field: string, value: unknown): unknown =>
    typeof value === 'string' && !protocolFields.has(field) ? redact(value) : value;
  const textOf = (line: JsonLine): string => `${JSON.stringify(line, masked)}\n`;
  const write = (line: JsonLine): void => void stdout.write(textOf(line));
  const passed = { out: passedLines(), err: passedLines() };
  const pass = byteWriter(stdout);
  return {
    mask,
    redact,
    canAsk: false,
    json: true,
    style: plainStyle,
    note: (line) => write({ v: jsonLinesVersion, type: 'log', line }),
    warn: (message) => write({ v: jsonLinesVersion, type: 'warning', message }),
    output: (line) => write({ v: jsonLinesVersion, type: 'log', line }),
    async pass(stream, bytes) {
      const text = passed[stream]
        .push(bytes)
        .map((line) => textOf(logLine(stream, line)))
        .join('');
      if (text !== '') await pass(Buffer.from(text));
    },
    display: () =>
      Promise.resolve({
        event: (event) => {
          const line = jsonLine(event);
          if (line !== undefined) write(line);
        },
        close: () => undefined,
      }),
    confirm: cannotAsk,
    askSecret: cannotAsk,
    finish({ exitCode, data, error }) {
      for (const stream of ['out', 'err'] as const) {
        passed[stream].finish().forEach((line) => write(logLine(stream, line)));
      }
      write({
        v: jsonLinesVersion,
        type: 'result',
        ok: exitCode === 0,
        exitCode,
        ...data,
        ...(error === undefined ? {} : { error }),
      });
    },
  };
}

function logLine(stream: 'out' | 'err', line: string): JsonLine {
  return { v: jsonLinesVersion, type: 'log', stream, line };
}
