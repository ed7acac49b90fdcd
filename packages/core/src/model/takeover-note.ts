import type { ModelError, ModelErrorClass } from '../ports/model.ts';
import type { Slot } from './slots.ts';

const reasons: Record<'en' | 'de', Record<ModelErrorClass, string>> = {
  en: {
    rate_limited: 'it is over its rate limit',
    auth: 'its key was refused',
    overloaded: 'it is overloaded',
    timeout: 'it did not answer in time',
    network: 'it could not be reached',
    invalid_request: 'it refused the request',
    context_overflow: 'the conversation is too long for it',
    garbled: 'its answer was garbled',
    aborted: 'it was stopped',
    unknown: 'it failed',
  },
  de: {
    rate_limited: 'sein Kontingent ist erschöpft',
    auth: 'sein Schlüssel wurde abgelehnt',
    overloaded: 'es ist überlastet',
    timeout: 'es hat nicht rechtzeitig geantwortet',
    network: 'es ist nicht erreichbar',
    invalid_request: 'es hat die Anfrage abgelehnt',
    context_overflow: 'das Gespräch ist zu lang dafür',
    garbled: 'seine Antwort war unlesbar',
    aborted: 'es wurde angehalten',
    unknown: 'es ist ausgefallen',
  },
};

/** What the user is told when the rule-following steward has to stand in for a language model; null when another model does. */
export const takeoverNote =
  (language: () => string) =>
  (failed: { slot: Slot; error: ModelError }, next: Slot): string | null => {
    if (next.isLanguageModel || !failed.slot.isLanguageModel) return null;
    const model = `${failed.slot.provider.id}/${failed.slot.model}`;
    return language() === 'de'
      ? `(${model} antwortet nicht: ${reasons.de[failed.error.class]}. Der eingebaute Steward springt ein.)\n\n`
      : `(${model} did not answer: ${reasons.en[failed.error.class]}. The built-in steward stands in.)\n\n`;
  };
