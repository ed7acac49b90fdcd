/** Whole outputs that were too long for the context. Scoped to the session that made them. */
export interface Artifact {
  id: string;
  sessionId: string;
  name: string;
  /** Length of `text` in UTF-16 code units. */
  length: number;
}

export interface Artifacts {
  /** The part of an artifact from `offset`, at most `limit` code units, never splitting a character; null when there is none in this session. */
  read(
    sessionId: string,
    id: string,
    offset: number,
    limit: number,
  ): Promise<{ artifact: Artifact; text: string } | null>;
}
