import { type Docs, jsonOutput, type Tool } from '@reeve/core';
import { z } from 'zod';
import { defineTool } from './define-tool.ts';

export const createSearchDocs = (docs: Docs): Tool =>
  defineTool({
    name: 'search_docs',
    description: "Search Reeve's own manual: how to set up, configure and use Reeve.",
    input: z.object({ query: z.string().trim().min(1).max(500) }),
    risk: 'low',
    level: 'read-only',
    effect: 'idempotent',
    async execute({ query }) {
      const passages = await docs.search(query, 3);
      return jsonOutput({ passages: passages.map(({ title, path, text }) => ({ title, path, text })) });
    },
  });
