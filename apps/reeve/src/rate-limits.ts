import type { RateLimits } from '@reeve/core';
import type { Config } from '@reeve/protocol';

/** How often somebody may ask, as the configuration says. */
export const rateLimits = ({ rates }: Config): RateLimits => ({
  requests: rates.requestsPerMinute,
  addressRequests: rates.addressRequestsPerMinute,
  messages: rates.messagesPerMinute,
  channelMessages: rates.channelMessagesPerMinute,
  toolCalls: rates.toolCallsPerMinute,
  tools: rates.tools,
  methods: rates.methods,
});
