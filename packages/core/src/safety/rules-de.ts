import { anyOf, inOrder, near, type Rule } from './pattern.ts';

const sexNouns =
  'penis|schwanz|muschi|moese|fotze|vagina|titten|brueste|busen|nippel|brustwarzen|schritt|arsch|orgasmus|kitzler';
const sexActs =
  'fick(?:e|en|t|te|ten)|gefickt|blas(?:e|en|t)|geblasen|lutsch(?:e|en|t|te|ten)|streichel(?:n|t|te)|penetrier(?:en|t|te)|befummel(?:n|t|te)|begrapsch(?:en|t|te)|fingern';
const hardDrugs =
  'kokain|koks|heroin|crystal meth|crystal|meth|mdma|ecstasy|lsd|ketamin|fentanyl|liquid ecstasy|zauberpilze|speed pillen';
const softDrugs = 'gras|cannabis|marihuana|hasch|haschisch|joints?|bongs?|kiffen|vapes?';
const useDrugs =
  'rauch(?:e|en|st|t)|zieh(?:e|en|st|t)|schnief(?:e|en)|spritz(?:e|en|t)|koch(?:e|en|st|t)|herstell(?:e|en|st|t)|kauf(?:e|en|st|t)|bestell(?:e|en|st|t)|verkauf(?:e|en|st|t)|dosier(?:e|en|t)|konsumier(?:e|en|t)|nimm|nehmen|dreh(?:e|en|st)';
const weapons =
  'rohrbomben?|bomben?|sprengstoff|sprengsatz|sprengsaetze|handgranaten?|granaten?|molotow-?cocktails?|brandbomben?|schalldaempfer|nagelbomben?|nervengas|sarin|rizin|thermit';
const guns = 'pistolen?|gewehre?|schusswaffen?|munition|knarren?|revolver|schrotflinten?';
const groups =
  'juden|muslime|schwarze|auslaender|fluechtlinge|schwule|lesben|behinderte|frauen|asiaten|roma|zigeuner|christen|migranten';
const victims =
  'ihn|sie|jemanden?|menschen|eine person|einen menschen|deine[nm]? (?:nachbarn?|lehrer(?:in)?|mitschueler(?:in)?|frau|mann|bruder|schwester|mutter|vater|familie|freundin?|feind)|kinder|schueler|fremde|das opfer';

/** German, with umlauts written out as `normalise` does. */
export const germanRules: readonly Rule[] = [
  {
    category: 'sexual',
    level: 'moderate',
    pattern: anyOf(
      'pornos?',
      'pornofilme?',
      'pornografische[nrs]? (?:videos?|bilder|filme|seiten)',
      'nacktbilder(?: von)?',
      'nacktfotos?',
      'wichs(?:en|t|te|er)',
      'einen runterholen',
      'abspritz(?:en|t|te)',
      'geile? (?:titten|sau|schlampe|muschi)',
      'notgeil',
      'dildos?',
      'sexspielzeuge?',
      'sexstellungen?',
      'gangbang',
      'analsex',
      'oralsex',
      'dreier im bett',
      'sexchat',
      'erotikgeschichten?',
      'erotische[nrs]? (?:geschichten?|fantasien?|massage|szene)',
      'selbstbefriedigung (?:mit|vor|beim)',
    ),
  },
  { category: 'sexual', level: 'moderate', pattern: near(sexActs, sexNouns, 4) },
  {
    category: 'sexual',
    level: 'moderate',
    // A cat that licks its tail says the same verb of itself.
    pattern: inOrder(
      'leck(?:e|st|t|te|ten)|lutsch(?:e|st|t|te|ten)',
      '(?:meine[nr]?|deine[nr]?|seinen|seine|an seinem) (?:penis|schwanz|muschi|moese|fotze|titten|nippel|eier)',
      2,
    ),
  },
  {
    category: 'sexual',
    level: 'moderate',
    pattern: inOrder(
      'stoehnt(?:e|en)?|nackt|zog (?:sie|ihn|sich) aus|oeffnete ihren bh',
      'vor lust|in sie ein|in ihr|ihre brueste|seine erektion|zwischen ihren (?:beinen|schenkeln)|schliefen miteinander|sex',
      8,
    ),
  },
  {
    category: 'sexual',
    level: 'strict',
    pattern: anyOf(
      'sexy (?:bilder|fotos|maedchen|frauen|jungs|videos?|dessous)',
      'stripclubs?',
      'stripperin(?:nen)?',
      'striptease',
      'fetisch(?:e|en)?',
      'bdsm',
      'fick(?:en|t|te|er)?',
      'gefickt',
      'orgasmus',
      'one.night.stand',
      'bordelle?',
      'puff besuchen',
    ),
  },
  {
    category: 'self-harm',
    level: 'moderate',
    pattern: anyOf(
      'bring dich (?:doch |selbst )?(?:um|selbst um)',
      'haeng dich (?:doch )?auf',
      'toete dich(?: selbst)?',
      'beende dein leben',
      'du solltest (?:einfach )?(?:sterben|tot sein)',
      'beste(?:n)? (?:methoden?|wege?|art) (?:zu sterben|fuer (?:einen )?(?:suizid|selbstmord)|sich umzubringen)',
      'schmerzlos(?:er|e)? (?:suizid|selbstmord|sterben)',
      'suizidmethoden?',
      'selbstmordmethoden?',
      'pro.?ana',
      'ritz dich',
      'ritze dich',
    ),
  },
  {
    category: 'self-harm',
    level: 'moderate',
    pattern: inOrder(
      'so|wie|anleitung|schritt|am besten|am einfachsten|du kannst|versuche?',
      "(?:dich|du dich|man sich)(?:[^a-z0-9]+[a-z']+){0,4}[^a-z0-9]+(?:erhaeng(?:en|st|t)|aufhaeng(?:en|st|t)|ritz(?:en|st|t)|umbring(?:en|st|t)|selbst verletz(?:en|t)|vergift(?:en|est)|zu tode hunger(?:n|st)|die pulsadern auf(?:schneiden|schneidest))",
      3,
    ),
  },
  {
    category: 'self-harm',
    level: 'strict',
    pattern: inOrder(
      'zieh|drueck|nimm|fahr|setz',
      '(?:klinge|messer|rasierklinge)(?: [a-z]+){0,2} (?:ueber|in|an) (?:deine|den|die|deinen) (?:haut|arme?|handgelenke?|beine?|oberschenkel)',
      3,
    ),
  },
  {
    category: 'weapons',
    level: 'moderate',
    pattern: near(
      weapons,
      'bauen|baut man|baust du|basteln|bastelt man|bastelst du|herstellen|stellt man|selbst gebaut|selbstgebaute?|bauanleitung|anleitung|duenger|ammoniumnitrat|zuender|zuendschnur|nagel|naegel',
      4,
    ),
  },
  {
    category: 'weapons',
    level: 'strict',
    pattern: near(
      guns,
      'kaufen|besorgen|laden|laedst|abfeuern|zielen|zielst|verstecken|verstecke|drucken|ausdrucken',
      3,
    ),
  },
  {
    category: 'drugs',
    level: 'moderate',
    pattern: inOrder(
      'wie|so|du kannst|man kann|zuerst|dann|am besten|probier|wo',
      `(?:(?:${useDrugs})(?:[^a-z0-9]+[a-z0-9']+){0,3}?[^a-z0-9]+(?:${hardDrugs})|(?:${hardDrugs})(?:[^a-z0-9]+[a-z0-9']+){0,3}?[^a-z0-9]+(?:${useDrugs}))`,
      3,
    ),
  },
  {
    category: 'drugs',
    level: 'moderate',
    pattern: near(hardDrugs, 'dealer|darknet|rezept|pseudoephedrin|roter phosphor|line', 4),
  },
  {
    category: 'drugs',
    level: 'strict',
    pattern: inOrder(
      'wie|so|du kannst|man kann|zuerst|dann|am besten|probier|wo|lass uns',
      `(?:(?:${useDrugs}|bau(?:e|en|st|t)|anbauen)(?:[^a-z0-9]+[a-z0-9']+){0,3}?[^a-z0-9]+(?:${hardDrugs}|joints?|hasch|haschisch|marihuana|bongs?)|(?:${softDrugs})(?:[^a-z0-9]+[a-z0-9']+){0,3}?[^a-z0-9]+(?:rauchen|rauchst|kaufen|drehen|drehst|anbauen|bestellen))`,
      3,
    ),
  },
  {
    category: 'drugs',
    level: 'strict',
    pattern: anyOf(
      'einen joint (?:drehen|rauchen|bauen)',
      'dich (?:richtig )?(?:zukiffen|zudroehnen|volllaufen lassen|besaufen|betrinken)',
      'trinkspiele?',
      'gefaelschte[nr]? ausweis',
      'saufspiele?',
    ),
  },
  {
    category: 'violence',
    level: 'moderate',
    pattern: inOrder(
      'wie|so|du solltest|du kannst|am besten|ich werde|wir sollten|lass uns|man kann',
      `(?:${victims})(?:[^a-z0-9]+[a-z']+){0,3}?[^a-z0-9]+(?:umbring(?:en|st|t)|toeten|toetest|ermorden|ermordest|erstechen|erstichst|erwuergen|erwuergst|vergiften|vergiftest|foltern|folterst|vergewaltigen|erschiessen|entfuehren|verpruegeln|verpruegelst|zusammenschlagen)`,
      3,
    ),
  },
  {
    category: 'violence',
    level: 'moderate',
    pattern: anyOf(
      'amoklauf (?:planen|plan|anleitung|begehen)',
      'den perfekten mord',
      'mord (?:begehen|planen|vertuschen)',
      'schnitt (?:ihm|ihr|ihnen) die kehle',
      'die kehle durch(?:schneiden|schnitt|geschnitten)',
      'leiche (?:zerstueckeln|beseitigen|zerteilen|verschwinden lassen)',
    ),
  },
  {
    category: 'violence',
    level: 'strict',
    pattern: anyOf(
      'abgetrennte[nr]? (?:kopf|koepfe|arme?|haende?|finger|gliedmassen)',
      'blut (?:spritzte|spritzt|sprudelte|schoss) (?:aus|ueber|an|in|ihm|ihr)',
      'gedaerme (?:quollen|hingen)',
      'stach (?:immer wieder |wieder und wieder |mehrfach )?auf (?:ihn|sie) ein',
      'zu tode (?:gefoltert|gequaelt|gepruegelt)',
      'hackte (?:ihm|ihr) (?:den|die) (?:kopf|hand|haende|arm|finger)',
    ),
  },
  {
    category: 'gambling',
    level: 'moderate',
    pattern: inOrder(
      'beste[ns]?|empfehle|anmelden|einzahlen|bonus|melde dich|registrier',
      '(?:online-?)?casinos?|sportwetten(?:anbieter)?|wettanbieter|spielautomaten um (?:echtes )?geld',
      4,
    ),
  },
  {
    category: 'gambling',
    level: 'strict',
    pattern: anyOf(
      'online-?casinos?',
      '(?:dein|echtes|das) (?:taschengeld|geld|erspartes) (?:setzen|verwetten|verspielen)',
      'setz (?:dein|das|etwas|all) (?:taschengeld|geld|erspartes)',
      'um (?:echtes )?geld (?:pokern|zocken|spielen)',
      'wettquoten?',
      'freispiele',
      'sportwetten',
    ),
  },
  {
    category: 'hate',
    level: 'moderate',
    pattern: anyOf(
      'neger',
      'kanaken?',
      'judensau',
      'scheiss ?(?:juden|auslaender|tuerken|schwule|moslems|neger|fluechtlinge|zigeuner)',
      'schwuchteln?',
      'untermenschen?',
      'heil hitler',
      'sieg heil',
      'volksverraeter',
      'auslaender raus',
      'juden raus',
      'ins gas',
      'zecken klatschen',
    ),
  },
  {
    category: 'hate',
    level: 'moderate',
    pattern: inOrder(
      groups,
      '(?:sind|ist) (?:alle |doch |nur )?(?:ungeziefer|minderwertig|tiere|parasiten|abschaum|dreck|ratten|untermenschen|von natur aus (?:dumm|kriminell))|(?:sollten|muessen|sollen|gehoeren)(?: alle)? (?:vergast|vernichtet|getoetet|ausgerottet|erschossen|deportiert|verrecken|sterben)',
      2,
    ),
  },
  {
    category: 'hate',
    level: 'moderate',
    pattern: inOrder('toetet|tod den|vergast|vernichtet|hasse(?: alle)?', groups, 1),
  },
];
