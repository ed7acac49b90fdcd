import type { ModelProvider } from '@reeve/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ModelServer, startModelServer } from '../model/model-server.ts';
import { abortCases } from './model-provider/abort-cases.ts';
import { answerCases } from './model-provider/answer-cases.ts';
import { failureCases } from './model-provider/failure-cases.ts';
import { type Case, conformanceKey, type Fixture } from './model-provider/fixture.ts';
import { listingCases } from './model-provider/listing-cases.ts';
import { parameterCases } from './model-provider/parameter-cases.ts';
import { requestCases } from './model-provider/request-cases.ts';
import { thinkingCases } from './model-provider/thinking-cases.ts';

export { conformanceKey };

export interface ModelProviderSuite {
  name: string;
  /** A provider that speaks to the server (the URL of its protocol is in `urls`) with {@link conformanceKey}. */
  create(server: ModelServer, apiKey: string): ModelProvider;
  /** The model to ask for; `test-model` when absent. */
  model?: string;
  /** A model that thinks, for providers that tell by the name; `model` when absent. */
  thinkingModel?: string;
  /** Case name -> why it does not apply to this provider. */
  skip?: Partial<Record<ModelProviderCase, string>>;
}

/** Cases by the feature row they show. */
const rows = {
  F033: { ...answerCases, ...requestCases, ...abortCases, ...failureCases },
  F044: parameterCases,
  F049: thinkingCases,
  F043: listingCases,
};

export type ModelProviderCase = { [Row in keyof typeof rows]: keyof (typeof rows)[Row] }[keyof typeof rows];

/**
 * Registers what the contract of the ModelProvider port demands, as vitest cases. They are the same for every
 * protocol: what is seen of a request is what the server's wire made of it, and the wire also checks its form.
 */
export function modelProviderConformance(suite: ModelProviderSuite): void {
  const { name, create, model = 'test-model', thinkingModel = model, skip = {} } = suite;
  describe(`ModelProvider: ${name}`, () => {
    let fixture: Omit<Fixture, 'skip'>;
    beforeEach(async () => {
      const server = await startModelServer({
        forbidden: [conformanceKey],
        models: [...new Set([model, thinkingModel])],
      });
      fixture = { server, provider: create(server, conformanceKey), model, thinkingModel };
    });
    afterEach(async () => {
      await fixture.server.close();
      expect(fixture.server.violations).toEqual([]);
    });
    for (const [row, cases] of Object.entries(rows))
      for (const [title, run] of Object.entries<Case>(cases)) {
        const reason = skip[title as ModelProviderCase];
        if (reason === undefined)
          test(`${row} ${title}`, ({ skip: leave }) => run({ ...fixture, skip: leave }));
        else test.skip(`${row} ${title} (${reason})`, () => {});
      }
  });
}
