/** Levels of lists and objects in what comes from outside. Checks and writers that call themselves overflow the stack at some thousands. */
export const deepestNesting = 128;

/** Whether a JSON value is nested deeper than anything that is served. */
export const isTooDeep = (value: unknown): boolean => {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepestNesting) return true;
    const next: unknown[] = [];
    for (const one of level) {
      if (typeof one !== 'object' || one === null) continue;
      for (const child of Object.values(one))
        if (typeof child === 'object' && child !== null) next.push(child);
    }
    level = next;
  }
  return false;
};
