import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/**
 * Calls the listener around every line that this process appends to a journal: `before` runs to its end before the line
 * is written, `after` once it is. Works on the bundle, since it watches the file handles that Node hands out.
 *
 * @param {{ before?: (line: object) => void, after?: (line: object) => void, closed?: () => void }} listener
 */
export async function watchJournal({ before = () => undefined, after = () => undefined, closed = () => undefined }) {
  const handle = await open(fileURLToPath(import.meta.url));
  const prototype = Object.getPrototypeOf(handle);
  await handle.close();
  const { appendFile } = prototype;
  prototype.appendFile = async function (data, ...rest) {
    const line = journalLine(data);
    if (line === undefined) return await appendFile.call(this, data, ...rest);
    if (line.type === 'run.started') tellOfClose(this, closed);
    before(line);
    await appendFile.call(this, data, ...rest);
    after(line);
  };
}

/** `close` is a property of each handle. */
function tellOfClose(handle, closed) {
  const { close } = handle;
  handle.close = async () => {
    await close();
    closed();
  };
}

/** A line of a journal as an object with a `type` (the first one is called `header`); undefined for other files. */
function journalLine(data) {
  if (typeof data !== 'string' || !data.startsWith('{"')) return undefined;
  const line = JSON.parse(data);
  if ('journalVersion' in line) return { type: 'header' };
  return typeof line.type === 'string' && typeof line.at === 'string' ? line : undefined;
}
