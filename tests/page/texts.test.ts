import { type Fault, type FaultCode, fault, faultCatalogue } from '@reeve/protocol';
import { expect, test } from 'vitest';
import { keySpecs } from '../../apps/reeve/src/config/keys.ts';
import { faultIn, phraseIn, settingIn } from '../../apps/web/src/lib/gateway-texts.ts';
import { gatewayDe } from '../../apps/web/src/texts/gateway-de.ts';
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
    const said = faultIn(gatewayDe, fault(code));
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
