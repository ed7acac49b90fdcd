/** Settings without limits of rate: tests and benchmarks ask more often than people do. Those of limits set their own. */
export const noRateLimits = {
  REEVE_RATES_REQUESTS_PER_MINUTE: '0',
  REEVE_RATES_ADDRESS_REQUESTS_PER_MINUTE: '0',
  REEVE_RATES_MESSAGES_PER_MINUTE: '0',
  REEVE_RATES_CHANNEL_MESSAGES_PER_MINUTE: '0',
  REEVE_RATES_TOOL_CALLS_PER_MINUTE: '0',
};
