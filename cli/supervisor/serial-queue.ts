/** Runs one piece of work after the other. */
export type SerialQueue = <T>(work: () => Promise<T>) => Promise<T>;

/** A queue of its own: work in two queues may overlap. A failure does not hold up what comes after. */
export function createSerialQueue(): SerialQueue {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(work: () => Promise<T>) => {
    const result = last.then(work, work);
    last = result.catch(() => undefined);
    return result;
  };
}
