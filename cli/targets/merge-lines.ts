/** Several sources as one, each item as soon as it is there. */
export async function* mergeLines<T>(sources: readonly AsyncIterable<T>[]): AsyncIterable<T> {
  type Step = { readonly iterator: AsyncIterator<T>; readonly result: IteratorResult<T> };
  const pending = new Map<AsyncIterator<T>, Promise<Step>>();
  const ask = (iterator: AsyncIterator<T>): void => {
    pending.set(
      iterator,
      iterator.next().then((result) => ({ iterator, result })),
    );
  };
  for (const source of sources) ask(source[Symbol.asyncIterator]());
  try {
    while (pending.size > 0) {
      const { iterator, result } = await Promise.race(pending.values());
      if (result.done === true) {
        pending.delete(iterator);
        continue;
      }
      yield result.value;
      ask(iterator);
    }
  } finally {
    await Promise.allSettled([...pending.keys()].map(async (iterator) => await iterator.return?.()));
  }
}
