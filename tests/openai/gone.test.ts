import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startHarness } from '@reeve/testkit';
import { expect, test } from 'vitest';

test.each([true, false])(
  'F011 a client that is gone before its answer begins holds no model, streaming: %s',
  async (stream) => {
    const asked = Promise.withResolvers<ServerResponse>();
    const open = new Set<ServerResponse>();
    let answers = 0;
    /** Lists its models when told to, and answers nothing. */
    const provider = createServer((request, response) => {
      if (request.url!.endsWith('/models')) return asked.resolve(response);
      answers += 1;
      open.add(response);
      response.once('close', () => open.delete(response));
    });
    provider.listen(0, '127.0.0.1');
    await once(provider, 'listening');
    const { port } = provider.address() as AddressInfo;
    const harness = await startHarness({
      env: {
        REEVE_PROVIDERS_LATE_BASE_URL: `http://127.0.0.1:${port}/v1`,
        REEVE_AGENT_MODEL: 'openai/test-model',
      },
    });
    try {
      const leave = new AbortController();
      const request = harness.fetch('/v1/chat/completions', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          model: 'direct/late-model',
          stream,
          messages: [{ role: 'user', content: 'wait' }],
        }),
        signal: leave.signal,
      });
      const listing = await asked.promise;
      leave.abort();
      await expect(request).rejects.toThrow();
      await harness.client.system.status();
      listing.setHeader('content-type', 'application/json');
      listing.end(JSON.stringify({ object: 'list', data: [{ id: 'late-model', object: 'model' }] }));
      for (let n = 0; n < 20; n += 1) await harness.client.system.status();
      expect({ answers, open: open.size }).toEqual({ answers: 0, open: 0 });
    } finally {
      await harness[Symbol.asyncDispose]();
      provider.closeAllConnections();
      provider.close();
    }
  },
);
