/**
 * A map of at most `limit` entries. Setting one makes it the newest, also when it was there before; the oldest gives
 * way, and is handed to `gone`.
 */
export class BoundedMap<K, V> extends Map<K, V> {
  readonly #limit: number;
  readonly #gone: (value: V) => void;

  constructor(limit: number, gone: (value: V) => void = () => {}) {
    super();
    this.#limit = limit;
    this.#gone = gone;
  }

  override set(key: K, value: V): this {
    this.delete(key);
    super.set(key, value);
    if (this.size > this.#limit) {
      const [oldest, last] = this.entries().next().value!;
      this.delete(oldest);
      this.#gone(last);
    }
    return this;
  }

  /** As `get`, and what is there is the newest again: then what was not asked for the longest gives way. */
  use(key: K): V | undefined {
    const value = this.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }
}
