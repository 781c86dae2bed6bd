import type { ObjectStore } from '../../cli/object-store.js';

interface Kept {
  readonly text: string;
  readonly version: string;
  readonly modifiedAt: number;
}

/** A store in memory whose answers can be lost: what was asked is done, and whoever asked is told of a conflict, as after a retry. */
export class MemoryObjectStore implements ObjectStore {
  readonly objects = new Map<string, Kept>();
  /** Operations whose next success is answered as the repetition of it would be. */
  readonly lostReplies = new Set<'create' | 'replace' | 'remove'>();
  now: () => number = Date.now;
  /** What every call fails with. */
  failure: Error | undefined;
  #versions = 0;

  place(key: string): string {
    return `memory://${key}`;
  }

  async read(key: string) {
    await this.#reach();
    const object = this.objects.get(key);
    return object && { ...object, bytes: new TextEncoder().encode(object.text) };
  }

  async create(key: string, text: string) {
    await this.#reach();
    if (this.objects.has(key)) return undefined;
    return this.#put(key, text, 'create');
  }

  async replace(key: string, text: string, version: string) {
    await this.#reach();
    if (this.objects.get(key)?.version !== version) return undefined;
    return this.#put(key, text, 'replace');
  }

  async write(key: string, text: string) {
    await this.#reach();
    return this.#put(key, text) ?? '';
  }

  async remove(key: string, version: string) {
    await this.#reach();
    if (this.objects.get(key)?.version !== version) return false;
    this.objects.delete(key);
    return !this.lostReplies.delete('remove');
  }

  async list(prefix: string) {
    await this.#reach();
    const found = [...this.objects].filter(([key]) => key.startsWith(prefix));
    return found.map(([key, { version }]) => ({ key, version })).toSorted((a, b) => (a.key < b.key ? -1 : 1));
  }

  #put(key: string, text: string, operation?: 'create' | 'replace'): string | undefined {
    const version = `v${++this.#versions}`;
    this.objects.set(key, { text, version, modifiedAt: this.now() });
    return operation !== undefined && this.lostReplies.delete(operation) ? undefined : version;
  }

  async #reach(): Promise<void> {
    await Promise.resolve();
    if (this.failure !== undefined) throw this.failure;
  }
}
