import { open, stat } from 'node:fs/promises';
import { hasSystemCode } from '../../errors.js';

/** Reads the lines that are added to a file, across its rotation. */
export interface LineTail {
  /** Whole lines added since the last call; a line still being written comes later. A missing file has none. */
  next(): Promise<readonly string[]>;
}

const chunkBytes = 64 * 1024;

/** Follows a file from a byte offset (0: its beginning). A file that was replaced or cut is read anew from its beginning. */
export function lineTail(file: string, from = 0): LineTail {
  let offset = from;
  let inode: number | undefined;
  let partial = Buffer.alloc(0);

  return {
    async next() {
      const found = await stat(file).catch((error: unknown) => {
        if (hasSystemCode(error, 'ENOENT')) return undefined;
        throw error;
      });
      if (found === undefined) return [];
      if ((inode !== undefined && found.ino !== inode) || found.size < offset) {
        offset = 0;
        partial = Buffer.alloc(0);
      }
      inode = found.ino;
      if (found.size === offset) return [];

      const added = await readFrom(file, offset);
      offset += added.length;
      const bytes = Buffer.concat([partial, added]);
      const end = bytes.lastIndexOf(0x0a) + 1;
      partial = bytes.subarray(end);
      return end === 0
        ? []
        : bytes
            .subarray(0, end - 1)
            .toString('utf8')
            .split('\n');
    },
  };
}

async function readFrom(file: string, offset: number): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const chunks: Buffer[] = [];
    for (let position = offset; ;) {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(chunkBytes), 0, chunkBytes, position);
      if (bytesRead === 0) return Buffer.concat(chunks);
      chunks.push(buffer.subarray(0, bytesRead));
      position += bytesRead;
    }
  } finally {
    await handle.close();
  }
}
