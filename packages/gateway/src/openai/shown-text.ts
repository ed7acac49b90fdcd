/**
 * What a client of this API has been shown. It can only be added to: there is no word for "forget that". When
 * another model starts the answer anew, what it says again stays silent as long as it is the same; where it differs
 * the new answer follows whole, behind a blank line.
 */
export const createShownText = () => {
  let all = '';
  /** Shown of the current answer. */
  let current = '';
  /** What the answer is by now; null while it follows what was shown. */
  let anew: string | null = null;

  const show = (text: string) => {
    all += text;
    return text;
  };
  /** What is to be added for an answer that was begun again and now reads `text`. */
  const catchUp = (text: string): string => {
    if (text.startsWith(current)) {
      const more = text.slice(current.length);
      current = text;
      anew = null;
      return show(more);
    }
    if (current.startsWith(text)) {
      anew = text;
      return '';
    }
    current = text;
    anew = null;
    return show(`\n\n${text}`);
  };
  return {
    add(delta: string): string {
      if (anew !== null) return catchUp(anew + delta);
      current += delta;
      return show(delta);
    },
    replace: (text: string): string => catchUp(text),
    /** A new message of the same run: behind a blank line. */
    begin(): string {
      current = '';
      anew = null;
      return all === '' ? '' : show('\n\n');
    },
    /** What the whole answer has and was never shown, as after a restart in between. */
    rest(answer: string): string {
      if (all === '') return show(answer);
      if (anew !== null && anew !== current) return show(`\n\n${anew}`);
      return answer.startsWith(all) ? show(answer.slice(all.length)) : '';
    },
  };
};
