import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Fault, type FaultCode, fault, faultCatalogue } from '@reeve/protocol';
import { expect, test } from 'vitest';
import { keySpecs } from '../../apps/reeve/src/config/keys.ts';
import { faultIn, phraseIn } from '../../apps/web/src/lib/gateway-texts.ts';
import {
  auditTypeIn,
  outcomeIn,
  policyIn,
  policyNameIn,
  settingIn,
} from '../../apps/web/src/lib/record-texts.ts';
import { gatewayDe } from '../../apps/web/src/texts/gateway-de.ts';
import { gatewayEn } from '../../apps/web/src/texts/gateway-en.ts';
import { shippedPolicy } from '../../packages/policy/src/documents.ts';
import { testWith } from '../support/needs.ts';
import { log, say, useWorld } from './support/page.ts';

test('F304 F308 every setting of the schema has a German text, and what it may be is said in German', () => {
  const specs = keySpecs();
  expect(Object.keys(gatewayDe.settings).sort()).toEqual(specs.map(({ key }) => key).sort());
  for (const spec of specs) {
    const { key, description, allowed } = spec;
    const said = settingIn(gatewayDe, { ...spec, key: key.replaceAll('<name>', 'mine') });
    expect(said.description.trim(), key).not.toBe('');
    expect(said.description, key).not.toBe(description);
    // Words that are written as they are stand as they are: `queue | steer | interrupt`.
    if (!/^[\w-]+( \| [\w-]+)+$/.test(allowed))
      expect(said.allowed, `${key}: ${allowed}`).toMatch(/Text|Zahl|Adresse/);
  }
});

test('F304 every error of the catalogue says in German what went wrong and what to do', () => {
  const codes = Object.keys(faultCatalogue) as FaultCode[];
  expect(Object.keys(gatewayDe.faults).sort()).toEqual([...codes].sort());
  for (const code of codes) {
    const said = faultIn({ ...gatewayDe, ownFault: () => null }, fault(code));
    const general = faultCatalogue[code];
    expect(said.message.trim(), code).not.toBe('');
    expect(said.next.trim(), code).not.toBe('');
    expect([said.message, said.next], code).not.toContain(general.message);
    expect([said.message, said.next], code).not.toContain(general.next);
    // What is to be typed is the same in every language.
    const typed = (text: string) =>
      [...text.matchAll(/`[^`]+`|\b(?:gateway|agent)\.\w+/g)].map(([one]) => one).sort();
    expect(typed(said.next), code).toEqual(typed(general.next));
  }
});

test('F304 F202 a budget that is used up is told in the language and time of the reader, with no id', () => {
  const resetsAt = new Date(2026, 10, 23).getTime();
  const spent = (unit: 'usd' | 'tokens', subject: string, amount: number) =>
    fault('BUDGET_EXCEEDED', 'The budget is used up.', {
      details: { budget: 'bud_1', subject, period: 'day', unit, amount, resetsAt },
    });
  const mine = spent('usd', 'user', 1200.5);
  expect(faultIn(gatewayEn, mine)).toEqual({
    message: 'Your budget of $1,200.50 for today does not allow another answer.',
    next: 'It begins anew on November 23, 2026 at 12:00 AM, or an admin raises it.',
  });
  expect(faultIn(gatewayDe, mine)).toEqual({
    message: 'Dein Budget von 1.200,50\u00a0$ für heute lässt keine weitere Antwort zu.',
    next: 'Es beginnt neu am 23. November 2026 um 00:00, oder ein Admin erhöht es.',
  });
  expect(faultIn(gatewayDe, spent('tokens', 'tenant', 700)).message).toBe(
    'Das Budget dieses Haushalts von 700 Tokens für heute lässt keine weitere Antwort zu.',
  );
  // Said on another occasion: as the catalogue has it.
  expect(faultIn(gatewayDe, fault('BUDGET_EXCEEDED')).message).toBe(gatewayDe.faults.BUDGET_EXCEEDED[0]);
  // A page has no --url.
  for (const texts of [gatewayEn, gatewayDe]) {
    const { message, next } = faultIn(texts, fault('GATEWAY_UNREACHABLE'));
    expect(`${message} ${next}`).toMatch(/^Reeve .*(kept here|bleibt hier)/);
    expect(next).not.toContain('--url');
  }
});

test('F304 what only the gateway knows is kept: a sentence it says on one occasion, else its own words', () => {
  const said = (value: Fault) => faultIn(gatewayDe, value);
  expect(said(fault('NOT_FOUND', 'There is no such session.')).message).toBe(
    'Dieses Gespräch gibt es nicht.',
  );
  expect(said(fault('LLM_ERROR', 'No model could answer: The connection failed: $1 {1}')).message).toBe(
    'Kein Modell konnte antworten: Die Verbindung ist gescheitert: $1 {1}',
  );
  expect(said(fault('CONFLICT', 'Something new.', { next: 'Do this.' }))).toEqual({
    message: `${gatewayDe.faults.CONFLICT[0]} (Something new.)`,
    next: 'Do this.',
  });
  // A page that is older than its gateway does not know every code.
  expect(said({ code: 'NEW_CODE' as FaultCode, message: 'New.' })).toEqual({ message: 'New.', next: '' });
  expect(faultIn(null, fault('TIMEOUT')).message).toBe(faultCatalogue.TIMEOUT.message);
  expect(settingIn(gatewayDe, { key: 'new.key', description: 'New.', allowed: 'one of many' })).toEqual({
    description: 'New.',
    allowed: 'one of many',
  });
  expect(phraseIn(gatewayDe, 'default, account work; by cost, about $0.0021')).toBe(
    'Standard, Zugang work; nach Kosten, etwa 0.0021 $',
  );
  expect(phraseIn(gatewayDe, 'left alone for another 30 s after rate_limited')).toBe(
    'ruht noch 30 s nach: Kontingent erschöpft',
  );
});

test.each(['built-in', 'household', 'production', 'locked'] as const)(
  'F304 F196 every policy of %s is described in German',
  (name) => {
    const ids = [...shippedPolicy(name).matchAll(/@id\("([^"]+)"\)\s*@description\("([^"]+)"\)/g)];
    expect(ids.length).toBeGreaterThan(3);
    expect(policyNameIn(gatewayDe, name)).not.toBeNull();
    for (const [, id = '', description = ''] of ids)
      expect(policyIn(gatewayDe, `admin/${name}#${id}`, description), id).not.toBe(description);
  },
);

test('F304 F215 what is told of people, secrets and policies has a German name', () => {
  const told = ['identity', 'core']
    .map((name) => fileURLToPath(new URL(`../../packages/${name}/src`, import.meta.url)))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
    )
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(name, 'utf8'))
    .flatMap((text) => [
      ...text
        .split(/\b(?:audit|told)\(/)
        .slice(1)
        .flatMap((rest) => [...(/^[^;']*'([a-z-]+\.[a-z_-]+)'/.exec(rest.slice(0, 200))?.slice(1) ?? [])]),
      ...[...text.matchAll(/^ {2}\| '(secret\.[a-z_]+)'/gm)].map(([, type]) => type!),
    ]);
  expect(told.length).toBeGreaterThan(50);
  expect(told.filter((type) => auditTypeIn(gatewayDe, type) === null)).toEqual([]);
});

test('F304 F196 what people wrote, and what no table knows, is shown in its own words', () => {
  expect(policyIn(gatewayDe, 'admin/mine#1', 'Mine.')).toBe('Mine.');
  expect(policyIn(gatewayDe, 'household', 'Mine.')).toBe('Mine.');
  expect(policyIn(gatewayDe, 'admin/constructor#toString', 'Mine.')).toBe('Mine.');
  expect(policyIn(null, 'admin/household#low-risk-runs', 'English.')).toBe('English.');
  expect(auditTypeIn(gatewayDe, 'new.type')).toBeNull();
  expect(outcomeIn(gatewayDe, 'toString')).toBe('toString');
});

const world = useWorld();

testWith('chromium')(
  'F304 F308 on a German page settings, reasons and errors are German; another language changes them at once',
  async () => {
    const { harness } = world;
    const { page } = await world.signedIn({ locale: 'de-DE' });
    await page.goto(`${harness.url}/settings/all`);
    const steps = page.getByLabel('agent.maxSteps', { exact: true });
    await steps.waitFor();
    const main = page.getByRole('main');
    const shown = (await main.textContent()) ?? '';
    const { values } = await harness.client.config.list();
    for (const { key, description } of values) expect(shown, key).not.toContain(description);
    expect(shown).toContain('Modellaufrufe je Lauf');
    expect(shown).toContain('(ganze Zahl von 1 bis 50)');
    await steps.fill('999');
    await steps.press('Enter');
    await page
      .getByText(/agent\.maxSteps = 999 ist nicht gültig; erlaubt: ganze Zahl von 1 bis 50\./)
      .waitFor();
    // What is typed into the search is German too.
    await page.getByRole('searchbox').fill('modellaufrufe');
    await page.getByLabel('agent.name', { exact: true }).waitFor({ state: 'detached' });
    expect(await steps.count()).toBe(1);

    await page.goto(`${harness.url}/s/ses_none`);
    await page.getByRole('heading', { name: 'Dieses Gespräch gibt es nicht' }).waitFor();
    await page.goto(`${harness.url}/login#code=none`);
    await page.getByText(gatewayDe.faults.LOGIN_EXPIRED[0]).waitFor();

    // What the gateway answers of its own, and the names of its models.
    const { id } = await harness.client.sessions.create({ title: 'Befehle' });
    await page.goto(`${harness.url}/s/${id}`);
    await page.getByRole('button', { name: /^Modell wählen/ }).click();
    await page.getByRole('menuitemradio', { name: /^Eingebauter Verwalter/ }).waitFor();
    await page.keyboard.press('Escape');
    await say(page, '/stop');
    await log(page).getByText('Es lief nichts.').waitFor();

    // What happened, and the rules that come with Reeve.
    await harness.client.config.set({ key: 'agent.maxSteps', value: 17 });
    await page.goto(`${harness.url}/settings/audit`);
    const changed = main.getByRole('listitem').filter({ hasText: 'config.changed' }).first();
    await changed.getByText('Einstellung geändert').first().waitFor();
    await changed.getByText('gelungen', { exact: true }).waitFor();
    for (const { type } of (await harness.client.audit.stats({})).byType)
      expect(auditTypeIn(gatewayDe, type), type).not.toBeNull();
    await page.goto(`${harness.url}/settings/policies`);
    const household = main.getByRole('listitem').filter({ hasText: 'Haushalt' }).first();
    await household.getByRole('button', { name: 'Text' }).click();
    await household.getByText('Kinder schreiben Nachrichten und haben ein eigenes Gedächtnis.').waitFor();

    await page.goto(`${harness.url}/settings`);
    await main.getByText(gatewayDe.settings['agent.timeZone']!).waitFor();
    await page.getByLabel('Sprache', { exact: true }).selectOption('en');
    await main.getByText('IANA time zone for dates, reminders and schedules.').waitFor();
    await page.getByLabel('Language', { exact: true }).selectOption('de');
    await main.getByText(gatewayDe.settings['agent.timeZone']!).waitFor();
    await page.context().close();
  },
);

testWith('chromium')(
  'F304 where the German texts of the gateway cannot be had, its own words are shown',
  async () => {
    const { harness } = world;
    const { page } = await world.signedIn({ locale: 'de-DE' });
    await page.route('**/assets/gateway-de-*.js', (route) => route.abort());
    await page.goto(`${harness.url}/settings`);
    await page.getByText('IANA time zone for dates, reminders and schedules.').waitFor();
    await page.getByRole('button', { name: 'Neues Gespräch' }).first().waitFor();
    await page.context().close();
  },
);
