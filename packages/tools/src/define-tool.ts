import type { Tool } from '@reeve/core';

/** Lets a tool's input type follow from its schema. */
export const defineTool = <I>(tool: Tool<I>): Tool<I> => tool;
