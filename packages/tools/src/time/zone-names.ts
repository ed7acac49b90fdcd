/**
 * Names for which the IANA list has no entry of its own: large cities, German spellings, everyday abbreviations
 * (which mean the place's clock, summer time included). Keys are folded as in `resolveZone`.
 */
const byZone: Record<string, string> = {
  'America/New_York':
    'washington, washington dc, boston, miami, atlanta, philadelphia, est, edt, et, eastern time',
  'America/Chicago': 'houston, dallas, austin, new orleans, cst, cdt, ct, central time',
  'America/Denver': 'salt lake city, mst, mdt, mountain time',
  'America/Los_Angeles':
    'la, san francisco, seattle, san diego, las vegas, silicon valley, pst, pdt, pt, pacific time',
  'America/Toronto': 'ottawa, montreal, quebec',
  'America/Sao_Paulo': 'rio, rio de janeiro, brasilia',
  'America/Mexico_City': 'mexiko stadt, mexiko city',
  'America/Havana': 'havanna',
  'Europe/London':
    'edinburgh, glasgow, manchester, england, scotland, schottland, wales, uk, great britain, grossbritannien, bst',
  'Europe/Berlin':
    'munich, munchen, muenchen, hamburg, frankfurt, cologne, koln, koeln, stuttgart, dusseldorf, duesseldorf, leipzig, dresden, cet, cest, mez, mesz',
  'Europe/Paris': 'lyon, marseille, nice, nizza, strasbourg, strassburg',
  'Europe/Rome': 'rom, milan, mailand, naples, neapel, florence, florenz, venice, venedig, turin',
  'Europe/Madrid': 'barcelona, seville, sevilla, valencia, spain, spanien',
  'Europe/Lisbon': 'lissabon, porto, portugal',
  'Europe/Vienna': 'wien, salzburg, graz',
  'Europe/Zurich': 'geneva, genf, basel, bern, zuerich',
  'Europe/Brussels': 'brussel, bruessel, antwerp, antwerpen',
  'Europe/Copenhagen': 'kopenhagen',
  'Europe/Amsterdam': 'rotterdam, the hague, den haag, holland',
  'Europe/Warsaw': 'warschau, krakow, krakau',
  'Europe/Prague': 'prag, tschechien',
  'Europe/Athens': 'athen',
  'Europe/Bucharest': 'bukarest',
  'Europe/Belgrade': 'belgrad',
  'Europe/Kiev': 'kyiv, kiew, ukraine',
  'Europe/Moscow': 'moskau, st petersburg, sankt petersburg, msk',
  'Africa/Cairo': 'kairo',
  'Africa/Johannesburg': 'cape town, kapstadt, pretoria',
  'Africa/Algiers': 'algier',
  'Asia/Jerusalem': 'tel aviv, israel',
  'Asia/Dubai': 'abu dhabi, uae',
  'Asia/Riyadh': 'riad',
  'Asia/Tehran': 'teheran',
  'Asia/Calcutta':
    'kolkata, delhi, new delhi, neu delhi, mumbai, bombay, bangalore, bengaluru, chennai, hyderabad, kalkutta, ist',
  'Asia/Katmandu': 'kathmandu',
  'Asia/Saigon': 'ho chi minh city, ho chi minh stadt, hanoi',
  'Asia/Rangoon': 'yangon',
  'Asia/Shanghai': 'beijing, peking, shenzhen, guangzhou, china',
  'Asia/Hong_Kong': 'hongkong',
  'Asia/Singapore': 'singapur',
  'Asia/Tokyo': 'tokio, osaka, kyoto, kioto, jst',
  'Asia/Seoul': 'kst',
  'Australia/Sydney': 'canberra, aest, aedt',
  'Pacific/Auckland': 'wellington, new zealand, neuseeland',
  'Pacific/Honolulu': 'hawaii',
};

export const extraZoneNames: ReadonlyMap<string, string> = new Map(
  Object.entries(byZone).flatMap(([zone, names]) => names.split(', ').map((name) => [name, zone] as const)),
);
