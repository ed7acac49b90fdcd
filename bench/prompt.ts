import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from 'reeve/server';
import { report } from './report.ts';

/** `prompt.fixedBytes`: system prompt and tool schemas, before anything was said. */
export const benchPrompt = async (): Promise<void> => {
  const home = mkdtempSync(join(tmpdir(), 'reeve-bench-'));
  const server = await startServer({ home, env: {}, flags: { port: 0 } });
  report('prompt.fixedBytes', server.fixedPromptBytes, 'bytes');
  await server.stop();
  rmSync(home, { recursive: true, force: true });
};
