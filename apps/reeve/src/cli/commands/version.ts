import { version } from '@reeve/protocol';
import type { CommandRun } from '../context.ts';

export const run: CommandRun<[]> = async (context) => {
  const value = { version, node: process.versions.node, platform: `${process.platform}-${process.arch}` };
  context.print(value, () => `reeve ${value.version} (node ${value.node}, ${value.platform})`);
};
