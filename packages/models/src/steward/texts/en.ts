/** What the steward says in English. `de.ts` has the same keys; the type checker compares them. */
export const en = {
  chat: {
    greet: 'Hello! What can I do for you? Say “help” to see what I understand.',
    howAreYou: 'All in order here, thank you. What can I do for you?',
    thanks: 'You are welcome.',
    bye: 'Goodbye! Reminders still come while you are away.',
    fine: 'All right.',
    identity:
      'I am Reeve’s built-in steward. I am not a language model: I follow a fixed set of rules, work offline, and do exactly what I understand. Say “help” to see what that is.',
    help: [
      'I follow rules, so plain commands work best. For example:',
      '- Remember: “remember that the boiler code is 4711”, “what is the boiler code?”, “what do you remember?”, “forget the boiler code”',
      '- Reminders: “remind me tomorrow at 9 to call Ann”, “every Monday at 7:30 remind me to take out the bins”, “list my reminders”, “cancel the reminder to call Ann”',
      '- Schedules: “every weekday at 8 tell me the date”',
      '- Numbers: “what is 17% of 2,340”, “5 miles in km”',
      '- Dates and times: “how many days until Christmas”, “what time is it in Tokyo”, “3pm Berlin in New York”',
      '- Reeve itself: “how do I add a model?”',
      '- Tools by name: “run calculate with 2+2”',
    ].join('\n'),
  },
  memory: {
    remembered: (text: string) => `I will remember: “${text}”.`,
    told: (date: string, text: string) => `You told me on ${date}: “${text}”.`,
    several: 'This is what you told me:',
    line: (date: string, text: string) => `“${text}” (${date})`,
    unknown: (subject: string) => `You have not told me anything about “${subject}”.`,
    list: 'This is what I remember:',
    empty: 'I remember nothing yet. Tell me something with “remember that …”.',
    forgotten: (text: string) => `Forgotten: “${text}”.`,
    notThere: 'That was already forgotten.',
    which: 'Which one shall I forget? Answer with its number.',
    notAll:
      'I forget one thing at a time, so that nothing is lost by mistake. Say “what do you remember?” to see the list, then “forget …” for each.',
  },
  numbers: {
    equals: (question: string, result: string) => `${question} = ${result}`,
    failed: (reason: string) => `I could not calculate that. ${reason}`,
    unitsFailed: (reason: string) => `I could not convert that. ${reason}`,
  },
  time: {
    today: (date: string) => `Today is ${date}.`,
    now: (time: string, date: string) => `It is ${time} on ${date}.`,
    nowIn: (place: string, time: string, date: string) => `In ${place} it is ${time} on ${date}.`,
    todayIn: (place: string, date: string) => `In ${place} it is ${date}.`,
    week: (week: number) => `This is calendar week ${week}.`,
    weekday: (date: string) => `That is ${date}.`,
    days: (days: number, from: string, to: string) =>
      `${days} ${days === 1 ? 'day' : 'days'} from ${from} to ${to}.`,
    until: (days: number, to: string) =>
      days === 0 ? `That is today, ${to}.` : `${days} ${days === 1 ? 'day' : 'days'} until ${to}.`,
    weeksUntil: (weeks: number, days: number, to: string) =>
      `${weeks} ${weeks === 1 ? 'week' : 'weeks'}${days === 0 ? '' : ` and ${days} ${days === 1 ? 'day' : 'days'}`} until ${to}.`,
    since: (days: number, from: string) => `${days} ${days === 1 ? 'day' : 'days'} since ${from}.`,
    convert: (fromTime: string, from: string, toTime: string, to: string, shift: number) =>
      `${fromTime} in ${from} is ${toTime} in ${to}${shift === 0 ? '' : shift > 0 ? ' the next day' : ' the day before'}.`,
    here: 'your time zone',
    unknownDate: (text: string) =>
      `I do not understand “${text}” as a date. Try it like “24 December” or “2026-12-24”.`,
    unknownPlace: (reason: string) => `I cannot tell the time there. ${reason}`,
  },
  reminder: {
    set: (when: string, text: string) => `I will remind you on ${when}: “${text}”.`,
    setAsk: (when: string, text: string) => `On ${when} I will do this: “${text}”.`,
    setCron: (rhythm: string, text: string, next: string) =>
      `I will remind you ${rhythm}: “${text}”. Next on ${next}.`,
    setCronAsk: (rhythm: string, text: string, next: string) =>
      `I will do this ${rhythm}: “${text}”. Next on ${next}.`,
    askWhen: 'When shall I remind you?',
    askTime: 'At what time?',
    askText: 'What shall I remind you of?',
    unsayable:
      'I cannot keep that rhythm exactly. I can do every day, weekday, given days of the week, a day of the month or of the year, and every few minutes or hours.',
    past: 'That time has passed. When shall I remind you?',
    failed: (reason: string) => `I could not set that. ${reason}`,
    list: 'These are still to come:',
    line: (text: string, when: string) => `“${text}” – ${when}`,
    lineAsk: (text: string, when: string) => `“${text}” (answered when due) – ${when}`,
    nextLine: (rhythm: string, next: string) => `${rhythm}, next on ${next}`,
    none: 'There are no reminders.',
    noneLike: (text: string) => `There is no reminder about “${text}”. Say “list my reminders” to see them.`,
    cancelled: (text: string) => `Cancelled: “${text}”.`,
    notThere: 'That reminder was no longer there.',
    which: 'Which one shall I cancel? Answer with its number.',
    notAll:
      'I cancel one reminder at a time, so that none is lost by mistake. Say “list my reminders”, then “cancel the reminder …” for each.',
    timer: 'Your time is up',
    wake: 'Time to get up',
  },
  rhythm: {
    minutes: (count: number) => (count === 1 ? 'every minute' : `every ${count} minutes`),
    hours: (count: number) => (count === 1 ? 'every hour' : `every ${count} hours`),
    daily: (time: string) => `every day at ${time}`,
    weekdays: (time: string) => `every weekday at ${time}`,
    weekend: (time: string) => `every Saturday and Sunday at ${time}`,
    days: (days: string, time: string) => `every ${days} at ${time}`,
    monthly: (day: number, time: string) => `on day ${day} of every month at ${time}`,
    yearly: (day: number, month: string, time: string) => `every year on ${day} ${month} at ${time}`,
    other: (cron: string) => `by the schedule ${cron}`,
    and: ' and ',
  },
  tools: {
    missing: (name: string) => `I would need the tool “${name}” for that, and it is not on offer here.`,
    unknown: (name: string, known: string) => `There is no tool “${name}” on offer here. On offer: ${known}.`,
    none: 'none',
    ran: (name: string, result: string) => `${name}: ${result}`,
    failed: (reason: string) => `That did not work: ${reason}`,
    unreadable: (name: string) => `The tool “${name}” gave an answer that I cannot read.`,
  },
  /** Calls that were not allowed; with what the person who refused said besides. */
  refused: {
    GOV_DENIED: () =>
      'The rules of this Reeve do not allow me to do that. Ask its owner which of them applies.',
    APPROVAL_DENIED: (note: string) =>
      `Somebody said no to that, so I did not do it.${note === '' ? '' : ` They said: “${note}”`}`,
    APPROVAL_EXPIRED: () =>
      'Nobody allowed that in time, which means no: I did not do it. Say it again if you still want it.',
    APPROVAL_VOID: () =>
      'What was allowed has changed meanwhile, so I did not do it. Say it again, and it is asked about anew.',
  },
  docs: {
    found: (title: string, path: string, quote: string) =>
      `From the manual, page “${title}” (${path}):\n“${quote}”`,
    nothing: (subject: string) => `The manual says nothing about “${subject}”.`,
  },
  fallback: {
    unknown:
      'I do not understand that: I follow rules, and without a language model I cannot write, explain or chat freely.',
    unanswered: (subject: string) =>
      `I found nothing about “${subject}” in what you told me or in Reeve’s manual, and without a language model I know nothing else.`,
    addModel:
      'To add a model, set the key of a vendor (ANTHROPIC_API_KEY, OPENAI_API_KEY, GEMINI_API_KEY and many more), or start Ollama, LM Studio, llama.cpp or vLLM on this machine, or point REEVE_OPENAI_BASE_URL at any OpenAI-compatible server, or add a [providers.NAME] table to reeve.toml; then start Reeve again.',
    statement: (text: string) => `Shall I keep that? Then say “remember that ${text}”.`,
    examples: 'What I can do: “remind me tomorrow at 9 to call Ann”, or “what is 17% of 2,340”.',
  },
};

export type Texts = typeof en;
