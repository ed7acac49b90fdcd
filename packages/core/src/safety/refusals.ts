/** What stands in place of an unsafe answer. Friendly, without naming what it was, and with somebody to turn to. */
const refusals = {
  en: {
    usual:
      "I'd rather not talk about that. If it matters to you, please ask a grown-up you trust. Is there something else I can help you with?",
    care: "I can't help with that, but you matter, and you are not alone. If you feel bad or think of hurting yourself, please talk to somebody you trust right now, or call an emergency or crisis line in your country.",
  },
  de: {
    usual:
      'Darüber möchte ich lieber nicht sprechen. Wenn es dir wichtig ist, frag bitte einen Erwachsenen, dem du vertraust. Kann ich dir bei etwas anderem helfen?',
    care: 'Dabei kann ich nicht helfen, aber du bist wichtig und du bist nicht allein. Wenn es dir schlecht geht oder du daran denkst, dir etwas anzutun, sprich bitte sofort mit jemandem, dem du vertraust, oder ruf einen Notruf oder ein Krisentelefon in deinem Land an.',
  },
} as const;

/** `language` is BCP 47; what is not German is answered in English. */
export const refusalFor = (language: string | null, isCare: boolean): string => {
  const texts = language?.toLowerCase().startsWith('de') ? refusals.de : refusals.en;
  return isCare ? texts.care : texts.usual;
};
