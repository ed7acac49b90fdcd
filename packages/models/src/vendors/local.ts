import { tokenScales } from '../tokens/scale.ts';
import type { Vendor } from './vendor.ts';

const openAiWire = { kind: 'openai-compatible', isLocal: true, keyEnv: [] } as const;
const anyVocabulary = { tokenScale: tokenScales.local };

/** Servers that owners run themselves, on their usual ports. */
export const localVendors: readonly Vendor[] = [
  {
    id: 'ollama',
    name: 'Ollama',
    kind: 'ollama',
    baseUrl: 'http://127.0.0.1:11434/api',
    keyEnv: [],
    isLocal: true,
    note: 'ollama serve, then ollama pull MODEL',
    // A context costs memory from its first token on: 16k of a model with 8 billion parameters takes about 2 GB.
    quirks: { ...anyVocabulary, window: { most: 16_384, unknown: 8_192 } },
  },
  {
    ...openAiWire,
    id: 'lmstudio',
    aliases: ['lm-studio'],
    name: 'LM Studio',
    baseUrl: 'http://127.0.0.1:1234/v1',
    note: 'lms server start, or the switch in the Developer tab',
    quirks: { ...anyVocabulary, takesSchema: true },
  },
  {
    ...openAiWire,
    id: 'llamacpp',
    aliases: ['llama-cpp', 'llamafile'],
    name: 'llama.cpp server',
    baseUrl: 'http://127.0.0.1:8080/v1',
    note: 'llama-server -m MODEL.gguf --jinja',
    quirks: { ...anyVocabulary, thinking: 'template', takesSchema: true },
  },
  {
    ...openAiWire,
    id: 'vllm',
    name: 'vLLM',
    baseUrl: 'http://127.0.0.1:8000/v1',
    note: 'vllm serve MODEL --enable-auto-tool-choice --tool-call-parser NAME',
    quirks: { ...anyVocabulary, thinking: 'template', takesSchema: true },
  },
  {
    ...openAiWire,
    id: 'sglang',
    name: 'SGLang',
    baseUrl: 'http://127.0.0.1:30000/v1',
    note: 'python -m sglang.launch_server --model-path MODEL',
    quirks: { ...anyVocabulary, thinking: 'template', takesSchema: true },
  },
  {
    ...openAiWire,
    id: 'localai',
    name: 'LocalAI',
    baseUrl: 'http://127.0.0.1:8080/v1',
    note: 'local-ai run MODEL',
    quirks: anyVocabulary,
  },
  {
    ...openAiWire,
    id: 'tgw',
    aliases: ['text-generation-webui', 'oobabooga'],
    name: 'text-generation-webui',
    baseUrl: 'http://127.0.0.1:5000/v1',
    note: 'start with --api',
    quirks: anyVocabulary,
  },
  {
    ...openAiWire,
    id: 'jan',
    name: 'Jan',
    baseUrl: 'http://127.0.0.1:1337/v1',
    note: 'Settings, Local API Server',
    quirks: anyVocabulary,
  },
  {
    ...openAiWire,
    id: 'koboldcpp',
    name: 'KoboldCpp',
    baseUrl: 'http://127.0.0.1:5001/v1',
    note: 'koboldcpp MODEL.gguf',
    quirks: anyVocabulary,
  },
  {
    ...openAiWire,
    id: 'litellm',
    name: 'LiteLLM proxy',
    baseUrl: 'http://127.0.0.1:4000/v1',
    note: 'litellm --config config.yaml; set apiKeyEnv when it has a master key',
    quirks: { thinking: 'effort', takesSchema: true, tokenScale: tokenScales.anthropic },
  },
];
