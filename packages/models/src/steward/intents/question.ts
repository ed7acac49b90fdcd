import { firstMatch, phrase } from '../phrase.ts';
import { type Call, call, type Intent, say } from '../plan.ts';
import { quoteOf } from '../quote.ts';
import { readResult, resultShapes } from '../results.ts';
import { findTold, quoteFacts } from '../told.ts';
import type { Utterance } from '../utterance.ts';
import { contentWords, coverage, queryOf, type Word } from '../words.ts';

const docsPatterns = [
  phrase`^(?:search|look in|check)(?: the| reeve's| your)? (?:docs|manual|documentation|help)(?: for| about)? (?<about>.+)$`,
  phrase`^(?:docs|manual|handbuch|doku)\s*:\s*(?<about>.+)$`,
  phrase`^(?:suche?|schaue?|sieh)(?: bitte)?(?: im| in der)? (?:handbuch|doku|dokumentation|hilfe)(?: nach| zu| über)? (?<about>.+?)(?: nach)?$`,
];

/** Questions about Reeve go to its manual before memory. */
const aboutReeve = phrase`\b(?:reeve|reeve's|docs|manual|documentation|handbuch|configure|configuration|config|konfigurier\p{L}*|konfiguration|(?:add|connect|use|choose|switch) (?:a |another |the |my )?(?:language )?models?|modelle? (?:hinzu\p{L}*|verbinden|einrichten|wechseln)|füge ich .*modell|ollama|api ?key|openai|provider|fallback)\b`;
const addModel = phrase`\b(?:add|connect|set ?up|use|install|configure)\b.*\b(?:model|llm|openai|ollama|provider)s?\b|\b(?:modell|sprachmodell|ollama|openai)\b.*\b(?:hinzu\p{L}*|verbinde\p{L}*|einrichte\p{L}*|nutze\p{L}*|benutze\p{L}*)\b|\bfüge ich .*modell`;
const personal = phrase`\b(?:my|our|mine|i|we|me|us|mein\p{L}*|unser\p{L}*|ich|wir|mir|mich|uns)\b`;

/** Shares of a question's words that a fact or a passage must hold to be an answer to it. */
const leastPersonal = 0.5;
const leastGeneral = 0.67;

/** `search_docs` asked for by name. */
export const docs: Intent = {
  id: 'docs',
  kind: 'read',
  match: (utterance) => {
    const about = firstMatch(docsPatterns, utterance.text)?.['about'];
    if (about === undefined) return null;
    const words = contentWords(about);
    return {
      next: ([result]) => {
        if (result === undefined) return call('search_docs', { query: about });
        const { passages } = readResult(result, resultShapes.passages);
        return say(docsAnswer(passages, words, 0, utterance) ?? utterance.t.docs.nothing(about));
      },
    };
  },
};

/** Any other question: to memory and the manual at once, whichever of them is on offer. */
export const question: Intent = {
  id: 'question',
  kind: 'last',
  match: (utterance) => {
    const { text, t, tools, isQuestion } = utterance;
    const words = contentWords(text);
    const query = queryOf(words);
    const wanted: Call[] = [
      { name: 'recall', args: { query } },
      { name: 'search_docs', args: { query } },
    ];
    const calls = wanted.filter(({ name }) => tools.some((tool) => tool.name === name));
    if (!isQuestion || words.length === 0 || (calls.length === 0 && tools.length > 0)) return null;
    return {
      next: (results) => {
        if (results.length === 0) return { kind: 'call', calls: calls.length > 0 ? calls : wanted };
        const found = results.find((result) => result.name === 'search_docs');
        const canRecall = results.some((result) => result.name === 'recall');
        const facts = canRecall
          ? findTold(results, words, personal.test(text) ? leastPersonal : leastGeneral, utterance)
          : [];
        const isAboutReeve = aboutReeve.test(text);
        const passages = found === undefined ? [] : readResult(found, resultShapes.passages).passages;
        const fromDocs = docsAnswer(passages, words, isAboutReeve ? leastPersonal : leastGeneral, utterance);
        if (!Array.isArray(facts) && fromDocs === null) return { kind: 'call', calls: [facts] };
        const fromMemory = Array.isArray(facts) && facts.length > 0 ? quoteFacts(facts, utterance) : null;
        const answer = isAboutReeve ? (fromDocs ?? fromMemory) : (fromMemory ?? fromDocs);
        if (addModel.test(text))
          return say([answer, t.fallback.addModel].filter((part) => part !== null).join('\n'));
        return say(answer ?? `${t.fallback.unanswered(text)} ${t.fallback.addModel}\n${t.fallback.examples}`);
      },
    };
  },
};

interface Passage {
  title: string;
  path: string;
  text: string;
}

const docsAnswer = (
  passages: readonly Passage[],
  words: readonly Word[],
  least: number,
  { t }: Utterance,
): string | null => {
  const share = (passage: Passage) => coverage(words, `${passage.title} ${passage.text}`);
  const best = passages.toSorted((a, b) => share(b) - share(a))[0];
  if (best === undefined || share(best) < least) return null;
  return t.docs.found(best.title, best.path, quoteOf(best.text, words));
};
