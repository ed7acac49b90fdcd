import { anthropic } from './anthropic.ts';
import { google } from './google.ts';
import type { ModelWire } from './model-wire.ts';
import { ollama } from './ollama.ts';
import { openAiChat } from './openai-chat.ts';
import { openAiResponses } from './openai-responses.ts';

/** Every protocol the model server speaks: a new one is a file beside these and its line here. */
export const modelWires: readonly ModelWire[] = [openAiChat, openAiResponses, anthropic, google, ollama];
