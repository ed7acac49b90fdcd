import { type Artifacts, failedOutput, jsonOutput, type Tool } from '@reeve/core';
import { z } from 'zod';
import { defineTool } from './define-tool.ts';

export const createReadArtifact = (artifacts: Artifacts): Tool =>
  defineTool({
    name: 'read_artifact',
    description: 'Read part of a long tool output that was cut and kept. next is the following offset.',
    input: z.object({
      id: z.string().min(1).max(100),
      offset: z.number().int().min(0).max(1e12).default(0),
      limit: z.number().int().min(2).max(20_000).default(10_000),
    }),
    risk: 'low',
    level: 'read-only',
    effect: 'idempotent',
    async execute({ id, offset, limit }, ctx) {
      const part = await artifacts.read(ctx.sessionId, id, offset, limit);
      if (part === null) return failedOutput(`There is no artifact “${id}” in this session.`);
      const end = offset + part.text.length;
      const { name, length } = part.artifact;
      return jsonOutput({
        name,
        length,
        offset,
        next: part.text !== '' && end < length ? end : null,
        text: part.text,
      });
    },
  });
