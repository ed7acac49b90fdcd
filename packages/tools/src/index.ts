import type { Artifacts, Docs, Facts, Reminders, Tool } from '@reeve/core';
import { createCalculate } from './calculate.ts';
import { createCancelReminder } from './cancel-reminder.ts';
import { createConvertUnits } from './convert-units.ts';
import { createDateTime } from './date-time.ts';
import { createForgetFact } from './forget-fact.ts';
import { createListFacts } from './list-facts.ts';
import { createListReminders } from './list-reminders.ts';
import { createReadArtifact } from './read-artifact.ts';
import { createRecall } from './recall.ts';
import { createRemember } from './remember.ts';
import { createSearchDocs } from './search-docs.ts';
import { createSetReminder } from './set-reminder.ts';

export { createDocs } from './docs/create-docs.ts';

export interface ToolsDeps {
  facts: Facts;
  reminders: Reminders;
  docs: Docs;
  artifacts: Artifacts;
}

/** The built-in tools. Their order is fixed: providers cache prompts by their bytes. Add new ones at the end. */
export const createTools = ({ facts, reminders, docs, artifacts }: ToolsDeps): Tool[] => [
  createRemember(facts),
  createRecall(facts),
  createListFacts(facts),
  createForgetFact(facts),
  createCalculate(),
  createConvertUnits(),
  createDateTime(),
  createSetReminder(reminders),
  createListReminders(reminders),
  createCancelReminder(reminders),
  createSearchDocs(docs),
  createReadArtifact(artifacts),
];
