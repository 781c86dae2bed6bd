import { StringDecoder } from 'node:string_decoder';
import { type TaskFrame, taskFrame } from './attach-protocol.js';

/** Pure: a frame as the line that goes over the socket. */
export function encodeFrame(frame: TaskFrame): string {
  return `${JSON.stringify(frame)}\n`;
}

/** Puts frames together again from the chunks they arrive in. */
export interface FrameReader {
  /** Throws when a line is not a frame. */
  push(chunk: Buffer): readonly TaskFrame[];
}

/** A reader for one answer. Empty lines are skipped. */
export function createFrameReader(): FrameReader {
  const decoder = new StringDecoder('utf8');
  let partial = '';
  return {
    push: (chunk) => {
      const [first = '', ...rest] = decoder.write(chunk).split('\n');
      const lines = [partial + first, ...rest];
      partial = lines.pop() ?? '';
      return lines.filter((line) => line !== '').map((line) => taskFrame.parse(JSON.parse(line)));
    },
  };
}
