import type { LanguageModelV4CallOptions, LanguageModelV4Message } from '@ai-sdk/provider';

/** A model that was asked something is likely to be asked again: longer than Ollama's five minutes. */
const keepAlive = '30m';

/** The body of `/api/chat`. The context is always named: Ollama's own default cuts long prompts without a word. */
export function toRequest(
  model: string,
  options: LanguageModelV4CallOptions,
  contextTokens: number | undefined,
): Record<string, unknown> {
  const { responseFormat: format, reasoning } = options;
  const tools = offeredTools(options);
  return {
    model,
    stream: true,
    keep_alive: keepAlive,
    messages: options.prompt.flatMap(toMessages),
    ...(tools.length > 0 && { tools }),
    ...(format?.type === 'json' && { format: format.schema ?? 'json' }),
    ...(reasoning !== undefined && { think: toThink(model, reasoning) }),
    options: {
      num_ctx: contextTokens,
      num_predict: options.maxOutputTokens,
      temperature: options.temperature,
      top_p: options.topP,
      stop: options.stopSequences,
      seed: options.seed,
      frequency_penalty: options.frequencyPenalty,
      presence_penalty: options.presencePenalty,
    },
  };
}

/** There is no choice of tools, but what is not on offer cannot be called. */
function offeredTools({ tools = [], toolChoice }: LanguageModelV4CallOptions) {
  if (toolChoice?.type === 'none') return [];
  return tools.flatMap((tool) =>
    tool.type === 'function' && (toolChoice?.type !== 'tool' || toolChoice.toolName === tool.name)
      ? [
          {
            type: 'function',
            function: { name: tool.name, description: tool.description, parameters: tool.inputSchema },
          },
        ]
      : [],
  );
}

/** gpt-oss takes a level and cannot stop; all others only begin or do not. */
function toThink(model: string, reasoning: string): boolean | string {
  if (!model.includes('gpt-oss')) return reasoning !== 'none';
  if (reasoning === 'medium') return 'medium';
  return reasoning === 'high' || reasoning === 'xhigh' ? 'high' : 'low';
}

function toMessages(message: LanguageModelV4Message): Record<string, unknown>[] {
  switch (message.role) {
    case 'system':
      return [{ role: 'system', content: message.content }];
    case 'user':
      return [{ role: 'user', ...toUserContent(message.content) }];
    case 'assistant': {
      const textOf = (type: 'text' | 'reasoning') =>
        message.content.map((part) => (part.type === type ? part.text : '')).join('');
      const calls = message.content.flatMap((part) =>
        part.type === 'tool-call'
          ? [{ id: part.toolCallId, function: { name: part.toolName, arguments: part.input } }]
          : [],
      );
      const thinking = textOf('reasoning');
      return [
        {
          role: 'assistant',
          content: textOf('text'),
          ...(thinking !== '' && { thinking }),
          ...(calls.length > 0 && { tool_calls: calls }),
        },
      ];
    }
    case 'tool':
      return message.content.flatMap((part) =>
        part.type === 'tool-result' && 'value' in part.output
          ? [
              {
                role: 'tool',
                tool_call_id: part.toolCallId,
                tool_name: part.toolName,
                content: part.output.value,
              },
            ]
          : [],
      );
  }
}

/** Images are bare base64. Ollama fetches nothing, so of an image that lies elsewhere the model learns where. */
function toUserContent(content: Extract<LanguageModelV4Message, { role: 'user' }>['content']) {
  const texts: string[] = [];
  const images: unknown[] = [];
  for (const part of content) {
    if (part.type === 'text') texts.push(part.text);
    else if (part.data.type === 'data') images.push(part.data.data);
    else if (part.data.type === 'url') texts.push(`[an image at ${part.data.url}, which cannot be shown]`);
  }
  return { content: texts.join('\n\n'), ...(images.length > 0 && { images }) };
}
