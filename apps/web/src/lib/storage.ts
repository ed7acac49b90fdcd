import { createStore, type Store } from './store.ts';

const prefix = 'reeve.';

/** What this browser keeps; a browser that keeps nothing (private windows, full disks) only forgets. */
export const readStored = <T>(key: string, fallback: T): T => {
  try {
    const text = localStorage.getItem(prefix + key);
    return text === null ? fallback : (JSON.parse(text) as T);
  } catch {
    return fallback;
  }
};

export const writeStored = (key: string, value: unknown): void => {
  try {
    if (value === null || value === undefined || value === '') localStorage.removeItem(prefix + key);
    else localStorage.setItem(prefix + key, JSON.stringify(value));
  } catch {
    // See above.
  }
};

/** Forgets everything whose key begins so. */
export const forgetStored = (beginning: string): void => {
  try {
    for (const key of Object.keys(localStorage))
      if (key.startsWith(prefix + beginning)) localStorage.removeItem(key);
  } catch {
    // See above.
  }
};

/** A store that this browser keeps and that all its tabs share. */
export const createStoredStore = <T>(key: string, fallback: T): Store<T> => {
  const store = createStore(readStored(key, fallback));
  addEventListener('storage', (event) => {
    if (event.key === prefix + key) store.set(readStored(key, fallback));
  });
  return {
    ...store,
    set(next) {
      store.set(next);
      writeStored(key, store.get());
    },
  };
};
