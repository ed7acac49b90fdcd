/** One JSON line per figure on stdout; everything for human eyes goes to stderr. */
export const report = (figure: string, value: number, unit: string): void => {
  const rounded = Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 1000) / 1000;
  process.stdout.write(`${JSON.stringify({ figure, value: rounded, unit })}\n`);
};

export const say = (text: string): void => void process.stderr.write(`${text}\n`);
