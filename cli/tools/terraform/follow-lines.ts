import { open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasSystemCode } from '../../errors.js';

const pollMilliseconds = 100;

/**
 * Hands on every line of a file that somebody writes, until that has ended and all was read. Lines are whole, however
 * long: a diagnostic quotes the line of the configuration that it is about.
 */
export async function followLines(file: string, onLine: (line: string) => void, ended: () => boolean): Promise<void> {
  const decoder = new StringDecoder('utf8');
  let partial = '';
  let offset = 0;
  for (;;) {
    // Asked before it is read: what was written until then is there.
    const last = ended();
    const chunk = await readFrom(file, offset);
    offset += chunk.length;
    const lines = (partial + decoder.write(chunk)).split('\n');
    partial = lines.pop() ?? '';
    for (const line of lines) onLine(line);
    if (last && chunk.length === 0) break;
    if (!last) await sleep(pollMilliseconds);
  }
  if (partial !== '') onLine(partial);
}

async function readFrom(file: string, offset: number): Promise<Buffer> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      const length = Math.max(0, size - offset);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (hasSystemCode(error, 'ENOENT')) return Buffer.alloc(0);
    throw error;
  }
}
