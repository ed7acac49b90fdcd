/** A map that forgets what was not asked for the longest. */
export const createLru = <K, V>(limit: number) => {
  const entries = new Map<K, V>();
  return {
    get(key: K): V | undefined {
      const value = entries.get(key);
      if (value === undefined) return undefined;
      entries.delete(key);
      entries.set(key, value);
      return value;
    },
    /** Returns what had to give way. */
    set(key: K, value: V): V | undefined {
      entries.delete(key);
      entries.set(key, value);
      if (entries.size <= limit) return undefined;
      const [oldest, gone] = entries.entries().next().value!;
      entries.delete(oldest);
      return gone;
    },
    clear: () => entries.clear(),
  };
};
