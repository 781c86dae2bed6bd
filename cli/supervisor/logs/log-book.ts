import { createWriteStream, mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Writable } from 'node:stream';
import { createStream } from 'rotating-file-stream';
import { createLineSplitter, cutLine } from '../../tools/process/index.js';
import { createSecretMask, type Redactor } from '../../redact.js';
import { type MaskedStream, type SecretPattern, createMaskedStream, secretPattern } from './mask-stream.js';

const rotateAtMiB = 10;
/** With the current file, five. */
const rotatedFiles = 4;
const tailLines = 50;
/** A process that writes faster than the disk loses lines beyond this, rather than filling our memory. */
const largestBacklogBytes = 16 * 1024 * 1024;

/** Whose output a log line holds. */
export interface LogSource {
  /** Names the directory. */
  readonly service: string;
  /** Names the file: `api.1`. */
  readonly replica: string;
  /** Release id; `-` for what belongs to none. */
  readonly release: string;
}

/** Where one process writes to. */
export interface LogSink {
  write(stream: 'out' | 'err', chunk: Buffer): void;
  /** The last 50 lines, redacted. */
  tail(): readonly string[];
  /** Writes what is left; resolves when it is in the file. */
  end(): Promise<void>;
}

/** Every log file of one supervisor. No known secret value gets into any of them. */
export interface LogBook {
  /** More values to mask from now on; never forgotten, since processes keep the values they were started with. */
  mask(values: readonly string[]): void;
  /** Masks what a message may have picked up. */
  redact(text: string): string;
  /** Masks what a program prints, for somebody who watches: at once, and not line by line. */
  maskedStream(): MaskedStream;
  /** A rotating log with time, release, replica and stream in front of each line. */
  open(source: LogSource): LogSink;
  /** A plain log of redacted lines. `largestBytes`: what comes after that is left out. */
  openPlain(file: string, options?: { readonly largestBytes?: number }): LogSink;
  /** Ends every log. When it resolves nothing touches the directory any more. */
  close(): Promise<void>;
}

interface SharedFile {
  readonly stream: Writable;
  users: number;
}

/** A log book under `logs/`. `rotateAt` is for tests. */
export function createLogBook(
  logsDirectory: string,
  options: { readonly now: () => Date; readonly rotateAt?: `${number}${'K' | 'M'}` },
): LogBook {
  const { mask, redact, values } = createSecretMask();
  // Made when somebody watches: most supervisors only write logs.
  let pattern: { readonly of: number; readonly made: SecretPattern | undefined } | undefined;
  const currentPattern = (): SecretPattern | undefined => {
    const known = values();
    if (pattern?.of !== known.length) pattern = { of: known.length, made: secretPattern(known) };
    return pattern.made;
  };
  const files = new Map<string, SharedFile>();
  const sinks = new Set<LogSink>();
  const remembered = (sink: LogSink): LogSink => {
    const forgetful: LogSink = {
      ...sink,
      end: async () => {
        await sink.end();
        sinks.delete(forgetful);
      },
    };
    sinks.add(forgetful);
    return forgetful;
  };

  const openShared = (path: string): SharedFile => {
    const existing = files.get(path);
    if (existing !== undefined && !existing.stream.destroyed) {
      existing.users += 1;
      return existing;
    }
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const stream = createStream((index) => rotatedName(basename(path), index), {
      path: dirname(path),
      size: options.rotateAt ?? `${rotateAtMiB}M`,
      rotate: rotatedFiles,
      mode: 0o600,
    });
    // A full disk must not end the supervisor; the lines are lost.
    stream.on('error', () => undefined);
    const file = { stream, users: 1 };
    files.set(path, file);
    return file;
  };

  return {
    mask,
    redact,
    maskedStream: () => createMaskedStream(currentPattern),
    open: (source) => {
      const path = join(logsDirectory, source.service, `${source.replica}.log`);
      const file = openShared(path);
      return remembered(
        createSink(file.stream, {
          redact,
          format: (stream, text) =>
            `${options.now().toISOString()} ${source.release} ${source.replica} ${stream} ${text}\n`,
          close: async () => {
            file.users -= 1;
            if (file.users > 0) return;
            if (files.get(path) === file) files.delete(path);
            await ended(file.stream);
          },
        }),
      );
    },
    openPlain: (path, { largestBytes = Infinity } = {}) => {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      const stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
      stream.on('error', () => undefined);
      return remembered(
        createSink(stream, {
          redact,
          format: upTo(largestBytes, (text) => `${text}\n`),
          close: () => ended(stream),
        }),
      );
    },
    close: async () => {
      await Promise.all([...sinks].map((sink) => sink.end()));
    },
  };
}

function createSink(
  target: Writable,
  options: {
    readonly redact: Redactor;
    readonly format: (stream: 'out' | 'err', text: string) => string;
    readonly close: () => Promise<void>;
  },
): LogSink {
  const splitters = { out: createLineSplitter(), err: createLineSplitter() };
  const tail: string[] = [];
  let ending: Promise<void> | undefined;
  const put = (stream: 'out' | 'err', lines: readonly string[]): void => {
    for (const line of lines) {
      const text = cutLine(options.redact(line));
      tail.push(text);
      if (tail.length > tailLines) tail.shift();
      if (!target.destroyed && target.writableLength < largestBacklogBytes) target.write(options.format(stream, text));
    }
  };
  return {
    write: (stream, chunk) => {
      if (ending === undefined) put(stream, splitters[stream].push(chunk));
    },
    tail: () => [...tail],
    end: () => {
      if (ending === undefined) {
        put('out', splitters.out.finish());
        put('err', splitters.err.finish());
        ending = options.close();
      }
      return ending;
    },
  };
}

/** The first lines of a log that may not grow beyond a size, and a last one that says so. */
function upTo(bytes: number, format: (text: string) => string): (stream: 'out' | 'err', text: string) => string {
  let left = bytes;
  return (_stream, text) => {
    if (left <= 0) return '';
    const line = format(text);
    left -= Buffer.byteLength(line);
    return left > 0 ? line : `${line}${format('… (cut: this log is as long as it may get)')}`;
  };
}

function rotatedName(name: string, index: number | Date | undefined): string {
  return typeof index === 'number' && index > 0 ? `${name}.${index}` : name;
}

async function ended(stream: Writable): Promise<void> {
  if (stream.destroyed) return;
  await new Promise<void>((resolve) => {
    stream.once('close', resolve);
    stream.end();
  });
}
