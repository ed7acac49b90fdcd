import { extraZoneNames } from './zone-names.ts';

export type ZoneResult = { ok: true; timeZone: string } | { ok: false; reason: string };

/**
 * The IANA zone a person means: a zone's own name, a city (English or German), a country with one zone, a common
 * abbreviation. The reason of a failure is one sentence that a user or a model can act on.
 */
export const resolveZone = (name: string): ZoneResult => {
  const place = fold(name);
  const known = extraZoneNames.get(place) ?? ianaNames().get(place);
  if (known !== undefined) return { ok: true, timeZone: known };
  if (/[/+\-\d]|^(?:utc|gmt|z)$/i.test(name.trim())) {
    const zone = canonical(name.trim());
    if (zone !== null) return { ok: true, timeZone: zone };
  }
  const zones = zonesOfCountry(place);
  if (zones.length === 1) return { ok: true, timeZone: zones[0]! };
  if (zones.length > 1) {
    return {
      ok: false,
      reason: `${name} has several time zones (${zones.slice(0, 4).join(', ')} …); name a city.`,
    };
  }
  return {
    ok: false,
    reason: `There is no time zone or city called “${name}”; use an IANA name such as Asia/Tokyo.`,
  };
};

/** The zone that a call names, or `own` when it names none. */
export const zoneOr = (name: string | undefined, own: string): ZoneResult =>
  name === undefined ? { ok: true, timeZone: own } : resolveZone(name);

const fold = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .toLowerCase()
    .replace(/[._-]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

const canonical = (name: string): string | null => {
  try {
    return new Intl.DateTimeFormat('en', {
      timeZone: name === 'Z' || name === 'z' ? 'UTC' : name,
    }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
};

let iana: Map<string, string> | undefined;

/** Full names and last parts (`Argentina/Buenos_Aires` is `buenos aires`) of all zones. */
const ianaNames = (): Map<string, string> => {
  iana ??= new Map(
    Intl.supportedValuesOf('timeZone').flatMap((zone) => [
      [fold(zone), zone] as const,
      [fold(zone.slice(zone.lastIndexOf('/') + 1)), zone] as const,
    ]),
  );
  return iana;
};

/** Implemented by V8, not yet in TypeScript's library. */
type LocaleWithZones = Intl.Locale & { getTimeZones?(): string[] };

let countries: Map<string, string> | undefined;

/** Region codes by folded English and German name, from the data of Intl: all pairs of letters that have a name. */
const countryCodes = (): Map<string, string> => {
  if (countries !== undefined) return countries;
  countries = new Map();
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  for (const language of ['en', 'de']) {
    const names = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' });
    for (const first of letters) {
      for (const second of letters) {
        const name = names.of(first + second);
        if (name !== undefined) countries.set(fold(name), first + second);
      }
    }
  }
  countries.set('usa', 'US');
  return countries;
};

/** Zones of a country; those that show the same clock all year count once, so that Germany has one. */
const zonesOfCountry = (place: string): string[] => {
  const code = countryCodes().get(place);
  if (code === undefined) return [];
  const zones = (new Intl.Locale(`und-${code}`) as LocaleWithZones).getTimeZones?.() ?? [];
  const clocks = new Map<string, string>();
  for (const zone of zones) {
    const clock = [0, 6].map((month) => offsetAt(zone, Date.UTC(2025, month, 1))).join();
    if (!clocks.has(clock)) clocks.set(clock, zone);
  }
  return [...clocks.values()];
};

const offsetAt = (timeZone: string, at: number): string =>
  new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
    .formatToParts(at)
    .find((part) => part.type === 'timeZoneName')?.value ?? '';
