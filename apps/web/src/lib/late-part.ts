import { waitToRetry } from '../api/connection.ts';

const tries = 6;
const waitMs = 2_000;

/** Loads a part of the page that the first view does without, again when the gateway does not answer at the moment. */
export const latePart = async <T>(load: () => Promise<T>, attempt = 1): Promise<T> => {
  try {
    return await load();
  } catch (error) {
    if (attempt === tries) throw error;
    await waitToRetry(waitMs, undefined);
    return latePart(load, attempt + 1);
  }
};
