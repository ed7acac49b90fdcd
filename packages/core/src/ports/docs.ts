/** Reeve's own documentation, for questions about Reeve. */
export interface DocsPassage {
  title: string;
  /** Path below docs/. */
  path: string;
  text: string;
}

export interface Docs {
  /** Best match first; empty when nothing fits. */
  search(query: string, limit: number): Promise<DocsPassage[]>;
}
