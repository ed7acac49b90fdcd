import { anyOf, inOrder, near, type Rule } from './pattern.ts';

const sexNouns =
  'penis|cock|dick|pussy|vagina|clit|clitoris|cunt|tits|boobs|nipples?|genitals|crotch|ass|erection|orgasm|cum';
const sexActs =
  'fuck(?:s|ed|ing)?|lick(?:s|ed|ing)?|suck(?:s|ed|ing)?|strok(?:e|es|ed|ing)|finger(?:s|ed|ing)?|penetrat(?:e|es|ed|ing)|thrust(?:s|ing)?|fondl(?:e|es|ed|ing)|grop(?:e|es|ed|ing)|caress(?:es|ed|ing)?';
const hardDrugs =
  'cocaine|crack cocaine|heroin|meth|methamphetamine|crystal meth|mdma|ecstasy pills?|lsd|ketamine|fentanyl|ghb|magic mushrooms|shrooms';
const softDrugs = 'weed|cannabis|marijuana|joints?|bongs?|vapes?|edibles';
const useDrugs =
  'smoke|smoking|snort|snorting|inject|injecting|shoot up|get high|getting high|roll|dose|cook|cooking|synthesi[sz]e|synthesi[sz]ing|buy|score|order|deal|sell';
const weapons =
  'pipe ?bombs?|bombs?|explosives?|grenades?|molotov(?: cocktails?)?|nail bombs?|silencers?|suppressors?|ghost guns?|napalm|thermite|nerve gas|sarin|ricin|anthrax';
const guns = 'guns?|rifles?|pistols?|ammo|ammunition|shotguns?|ar-?15|handguns?';
const groups =
  'jews?|muslims?|blacks?|black people|immigrants?|refugees?|gays?|gay people|lesbians?|trans people|disabled people|women|asians?|roma|gypsies|foreigners?|christians?';
const victims =
  'him|her|them|someone|somebody|people|a person|a human|your (?:neighbou?r|classmate|teacher|wife|husband|brother|sister|mother|father|family|friend|enemy)|the (?:victim|guard|girl|boy|man|woman)|children|kids|students|strangers?';

/** English. A topic alone is never enough: lessons, news and help must stay readable. */
export const englishRules: readonly Rule[] = [
  // Sexual
  {
    category: 'sexual',
    level: 'moderate',
    pattern: anyOf(
      'porn',
      'porno',
      'pornographic (?:videos?|pictures?|images?|sites?)',
      'porn(?:hub|star|stars)',
      'xvideos',
      'onlyfans',
      'blow ?jobs?',
      'hand ?jobs?',
      'rim ?jobs?',
      'deep ?throat(?:s|ed|ing)?',
      'gang ?bangs?',
      'cum ?shots?',
      'creampie',
      'bukkake',
      'milfs?',
      'hentai',
      'dildos?',
      'butt ?plugs?',
      'fleshlight',
      'jerk(?:s|ed|ing)? off',
      'masturbat(?:e|es|ed|ing) (?:to|with|for|while|her|him|his|your|furiously|slowly)',
      'sexting',
      'nudes',
      'sex (?:toys?|tape|cam|chat|slave)',
      'threesomes?',
      'cunnilingus',
      'fellatio',
      'anal sex',
      'doggy ?style',
      'horny',
      'erotic (?:story|stories|fantas(?:y|ies)|massage|scene)',
    ),
  },
  { category: 'sexual', level: 'moderate', pattern: near(sexActs, sexNouns, 3) },
  {
    category: 'sexual',
    level: 'moderate',
    pattern: inOrder(
      'moan(?:s|ed|ing)?|naked|undress(?:es|ed)?|took off (?:her|his)',
      'pleasure|bra|panties|inside (?:her|him)|her breasts|his erection|between her (?:legs|thighs)|made love|had sex',
      8,
    ),
  },
  {
    category: 'sexual',
    level: 'strict',
    pattern: anyOf(
      'sexy (?:pictures?|photos?|pics|girls?|boys?|women|lingerie|video|videos|dance)',
      'strip ?(?:club|tease|per|pers|poker)',
      'sex positions?',
      'kinky',
      'fetish(?:es)?',
      'bdsm',
      'bondage gear',
      'hook ?up (?:app|with a stranger)',
      'one.night stand',
      'orgasms?',
      'fuck(?:s|ed|ing|er|ers)?',
      'motherfuckers?',
    ),
  },
  // Self-harm: what encourages or shows how. To talk about it and to offer help is allowed.
  {
    category: 'self-harm',
    level: 'moderate',
    pattern: anyOf(
      'kill yourself',
      'kys',
      'go hang yourself',
      'end your (?:own )?life (?:by|with|now|tonight)',
      'you should (?:just )?(?:die|be dead)',
      'best ways? to (?:die|kill (?:yourself|myself)|commit suicide|end it all)',
      'painless(?:ly)? (?:suicide|ways? to die|death for yourself)',
      'pro.?ana',
      'thinspo',
      'suicide (?:methods?|pact|note template)',
    ),
  },
  {
    category: 'self-harm',
    level: 'moderate',
    pattern: inOrder(
      'how to|steps? to|method to|easiest way to|instructions? (?:to|for)|you can|try|start by',
      '(?<!(?:avoid|stop|without|from|keep from) )(?:hang(?:ing)? yourself|cut(?:ting)? yourself|cut(?:ting)? your (?:wrists?|arms?|thighs?)|slit(?:ting)? your wrists?|overdos(?:e|ing) on|starv(?:e|ing) yourself|purg(?:e|ing) after|jump(?:ing)? off a (?:bridge|building)|commit suicide|tie a noose)',
      4,
    ),
  },
  {
    category: 'self-harm',
    level: 'strict',
    pattern: inOrder(
      'drag|press|pull|take|use',
      '(?:razor|blade|knife) (?:across|over|along|into) your (?:skin|arm|wrist|thigh|leg)s?',
      3,
    ),
  },
  // Weapons
  {
    category: 'weapons',
    level: 'moderate',
    pattern: inOrder(
      'how to|to|can|instructions? for|recipe for|step[- ]by[- ]step|guide to|you need to|first',
      `(?:make|build|assemble|construct|mak(?:e|ing)|building|assembling|3d[- ]print(?:ing)?)(?:[^a-z0-9]+[a-z0-9']+){0,3}[^a-z0-9]+(?:${weapons})`,
      2,
    ),
  },
  {
    category: 'weapons',
    level: 'moderate',
    pattern: near(
      weapons,
      'homemade|ingredients|fertili[sz]er|ammonium nitrate|detonator|fuse|shrapnel|gunpowder and|mix the',
      5,
    ),
  },
  {
    category: 'weapons',
    level: 'strict',
    pattern: inOrder(
      'how to|where to|you can|buy|load|loading|aim|aiming|3d[- ]print',
      `(?:buy|get|load|fire|shoot|aim|hide|modify|conceal|your|the|a|an)?[^a-z0-9]*(?:${guns})`,
      2,
    ),
  },
  // Drugs
  {
    category: 'drugs',
    level: 'moderate',
    pattern: inOrder(
      `how to|you can|to|first|just|then|where to|try|best way to`,
      `(?:${useDrugs})(?:[^a-z0-9]+[a-z0-9']+){0,3}?[^a-z0-9]+(?:${hardDrugs})`,
      1,
    ),
  },
  {
    category: 'drugs',
    level: 'moderate',
    pattern: near(hardDrugs, 'dealer|dark ?web|pseudoephedrine|red phosphorus|a line of|recipe', 4),
  },
  {
    category: 'drugs',
    level: 'strict',
    pattern: inOrder(
      `how to|you can|let's|you should|just|try|first|where to|best way to`,
      `(?:${useDrugs}|grow|growing|try|hit)(?:[^a-z0-9]+[a-z0-9']+){0,3}?[^a-z0-9]+(?:${hardDrugs}|${softDrugs})`,
      1,
    ),
  },
  {
    category: 'drugs',
    level: 'strict',
    pattern: anyOf(
      'get(?:ting)? (?:really |so |very )?(?:wasted|hammered|shitfaced|stoned|blackout drunk)',
      'get (?:really |so )?drunk (?:fast|quickly|with your friends|without your parents)',
      'drinking games?',
      'rolling a joint',
      'roll a joint',
      'fake id',
    ),
  },
  // Violence
  {
    category: 'violence',
    level: 'moderate',
    pattern: inOrder(
      "how to|you should|you can|best way to|ways to|i will|i'll|let's|we should|going to",
      `(?:kill|murder|stab|strangle|poison|torture|behead|rape|shoot|kidnap|burn|beat up|beat|drown)(?:[^a-z0-9]+[a-z']+){0,1}?[^a-z0-9]+(?:${victims})`,
      2,
    ),
  },
  {
    category: 'violence',
    level: 'moderate',
    pattern: anyOf(
      'snuff (?:film|video)s?',
      'school shooting (?:plan|guide|how)',
      'how to (?:get away with|commit|plan) (?:a )?(?:murder|school shooting|mass shooting|massacre)',
      'slit (?:his|her|their) throats?',
      'gouged? out (?:his|her|their) eyes?',
      'disembowel(?:s|led|ling|ed|ing)?',
      'dismember(?:s|ed|ing)? (?:the|his|her|a) (?:bod(?:y|ies)|corpse|victim)',
    ),
  },
  {
    category: 'violence',
    level: 'strict',
    pattern: anyOf(
      'severed (?:head|heads|limb|limbs|arm|arms|hand|hands|fingers?)',
      'blood (?:gush(?:ed|es|ing)|spurt(?:ed|s|ing)|spray(?:ed|s|ing)|splatter(?:ed|s|ing)) (?:from|out|over|across|everywhere|onto)',
      'guts (?:spill(?:ed|ing)|everywhere)',
      'brains? (?:splattered|blown out|all over)',
      'tortured? (?:him|her|them) (?:to death|for hours|slowly)',
      'gory details',
      'chopped (?:off )?(?:his|her|their) (?:head|arm|leg|hand|fingers?)s?',
      'stabbed (?:him|her|them) (?:again and again|repeatedly|over and over|in the)',
    ),
  },
  // Gambling
  {
    category: 'gambling',
    level: 'moderate',
    pattern: inOrder(
      'online|best|recommended|top|sign up|deposit|bonus|free',
      'casinos?|slot machines? for real money|sports ?betting sites?|betting bonus|sportsbooks?|poker for real money',
      3,
    ),
  },
  {
    category: 'gambling',
    level: 'strict',
    pattern: anyOf(
      'place (?:a|your|some) bets?(?! on it)',
      'bet (?:your|some|real) (?:money|pocket money|allowance|savings)',
      'gambl(?:e|ing) (?:with|your|for) (?:your |real )?(?:money|pocket money|savings)',
      'free spins',
      'loot ?box(?:es)? (?:to|for) (?:win|money)',
      'betting odds',
      'win big at',
      'play(?:ing)? (?:blackjack|roulette|poker|slots) (?:for|with) (?:real )?money',
    ),
  },
  // Hate
  {
    category: 'hate',
    level: 'moderate',
    pattern: anyOf(
      'nigg(?:er|ers|a|as)',
      'faggots?(?! of)',
      'kikes?',
      'spics',
      'wetbacks?',
      'ragheads?',
      'trann(?:y|ies)',
      'subhumans?',
      'untermensch(?:en)?',
      'white power',
      'heil hitler',
      'sieg heil',
      'gas the jews',
      'race traitors?',
      'white (?:supremacy|race) (?:is (?:right|superior)|will win|must)',
    ),
  },
  {
    category: 'hate',
    level: 'moderate',
    pattern: inOrder(
      groups,
      '(?:are|is) (?:all )?(?:vermin|inferior|animals|parasites|scum|filth|filthy|criminals by nature|subhuman|stupid by nature|cockroaches|a plague|rats)|(?:should|must|deserve to) (?:be (?:killed|gassed|exterminated|deported|eradicated|shot)|die|burn)',
      1,
    ),
  },
  {
    category: 'hate',
    level: 'moderate',
    pattern: inOrder(`kill all|exterminate|gas|death to|i hate|we hate|get rid of all`, groups, 1),
  },
];
