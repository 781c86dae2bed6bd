/** Writes bytes and resolves when more may come; rejects when the stream is broken, as a pipe nobody reads any more is. */
export type ByteWriter = (bytes: Uint8Array) => Promise<void>;

/** A writer that keeps to the pace of its stream. */
export function byteWriter(stream: NodeJS.WritableStream): ByteWriter {
  let failure: Error | undefined;
  let isWatched = false;
  return async (bytes) => {
    if (!isWatched) stream.on('error', (error) => (failure ??= error));
    isWatched = true;
    if (failure === undefined && !stream.write(bytes)) await drained(stream);
    if (failure !== undefined) throw failure;
  };
}

async function drained(stream: NodeJS.WritableStream): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      for (const event of ['drain', 'error', 'close']) stream.off(event, done);
      resolve();
    };
    for (const event of ['drain', 'error', 'close']) stream.on(event, done);
  });
}
