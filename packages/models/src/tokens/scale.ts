/**
 * Tokens of a vocabulary for one token of o200k_base, from above, in the texts people write to an assistant (prose of
 * European and East Asian languages, Markdown, JSON, source code). Rare scripts can exceed it; a vendor's own count
 * and its error `context_overflow` catch those.
 *
 * Anthropic: up to 1.25 before Claude Opus 4.7, which makes 1.35 times as many by its migration guide and up to 1.47
 * by published counts of Markdown and code. Google: 256k SentencePiece, about four characters a token as o200k_base,
 * worse at code and white space. The default covers vocabularies of 100k and more (Llama 3, Qwen, DeepSeek, Mistral's
 * Tekken, GLM, Kimi); `local` also the 32k ones of Llama 2 and Mistral 7B.
 */
export const tokenScales = { openai: 1, anthropic: 1.85, google: 1.25, local: 1.6 } as const;

export const defaultTokenScale = 1.35;
