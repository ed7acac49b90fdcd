import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Docs, DocsPassage } from '@reeve/core';
import type MiniSearch from 'minisearch';
import { splitSections } from './sections.ts';

type Index = MiniSearch<DocsPassage & { id: number }>;

/**
 * Full-text search over the manual: the Markdown pages of a folder but those named in `except`. Subfolders hold
 * references and decisions, whose tables answer nobody's question. Pages are read at the first search and kept; a
 * folder that is not there holds no pages. A reading error rejects, and the next search tries again.
 */
export const createDocs = (folder: string, except: readonly string[] = []): Docs => {
  let loading: Promise<Index> | undefined;
  const load = (): Promise<Index> => {
    loading ??= buildIndex(folder, except).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
  return {
    async search(query, limit) {
      const index = await load();
      const found = index.search(query, {
        boost: { title: 2 },
        prefix: (term) => term.length > 3,
        fuzzy: (term) => (term.length > 5 ? 0.15 : false),
      });
      return found
        .slice(0, limit)
        .map((hit) => ({ title: hit['title'], path: hit['path'], text: hit['text'] }));
    },
  };
};

const buildIndex = async (folder: string, except: readonly string[]): Promise<Index> => {
  const { default: Search } = await import('minisearch');
  const index = new Search<DocsPassage & { id: number }>({
    fields: ['title', 'text'],
    storeFields: ['title', 'path', 'text'],
  });
  let id = 0;
  for (const name of await pageNames(folder)) {
    if (except.includes(name)) continue;
    const passages = splitSections(name, await readFile(join(folder, name), 'utf8'));
    index.addAll(passages.map((passage) => ({ ...passage, id: id++ })));
  }
  return index;
};

const pageNames = async (folder: string): Promise<string[]> => {
  try {
    return (await readdir(folder)).filter((name) => name.endsWith('.md')).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
};
