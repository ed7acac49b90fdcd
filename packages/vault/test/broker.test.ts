import type { Actor } from '@reeve/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { admin, after, before, code, createWorld, policy, reader } from './broker-world.ts';
import { createPlace } from './support.ts';

const ann: Actor = { ...admin, userId: 'ann', role: 'user' };

let world: ReturnType<typeof createWorld>;
beforeEach(() => {
  world = createWorld();
});
afterEach(() => world.dispose());

describe('F224 an emergency', () => {
  const indicators = [
    'failed_auth_spike',
    'leaked_credential',
    'suspicious_access',
    'rate_limit_exceeded',
    'unauthorized_access',
    'api_key_exposed',
    'brute_force_attack',
    'anomalous_behavior',
    'manual_trigger',
  ] as const;

  test.each(indicators)(
    'F224 %s stops every use at once, also after a restart, and is told and recorded',
    async (indicator) => {
      await world.keep();
      await world.broker.rotate(admin, 'openai', false, after);
      await world.broker.set(admin, 'made', {
        value: before,
        isMine: false,
        policy: policy({ generate: true }),
      });
      expect(await world.broker.emergency(admin, { indicator })).toEqual({
        revoked: ['openai'],
        regenerated: ['made'],
      });
      for (const handle of ['secret:openai', 'secret:openai#1', 'secret:openai#2'])
        await expect(world.read(handle)).rejects.toMatchObject(code('SECRET_REVOKED'));
      expect(await world.read('secret:made')).toMatch(/^generated-value-/);
      await expect(world.read('secret:made#1')).rejects.toMatchObject(code('SECRET_MISSING'));
      await world.restart();
      await expect(world.read()).rejects.toMatchObject(code('SECRET_REVOKED'));
      expect((await world.broker.list(admin)).find(({ name }) => name === 'openai')?.revoked).toMatchObject({
        indicator,
      });
      expect(world.notices.join()).toContain(indicator);
      expect(
        world.audits
          .filter(({ type }) => type === 'secret.emergency')
          .map(({ target }) => target)
          .sort(),
      ).toEqual(['made', 'openai']);
      await world.keep({}, after);
      expect(await world.read()).toBe(after);
    },
  );

  test('F222 F224 what was revoked never comes back: neither for a window nor by going back', async () => {
    await world.keep();
    await world.broker.emergency(admin, { indicator: 'leaked_credential' });
    const refused = { result: 'invalid', reason: 'no' } as const;
    world.answers = [refused, { result: 'valid' }];
    await expect(world.broker.rotate(admin, 'openai', false, after)).rejects.toMatchObject(
      code('SECRET_REFUSED'),
    );
    await expect(world.read()).rejects.toMatchObject(code('SECRET_REVOKED'));
    const info = await world.broker.rotate(admin, 'openai', false, after);
    expect(info).toMatchObject({ rotation: null, revoked: null });
    await expect(world.broker.rollback(admin, 'openai', false)).rejects.toMatchObject(code('CONFLICT'));
    expect(await world.read()).toBe(after);
    await expect(world.read('secret:openai#1')).rejects.toMatchObject(code('SECRET_MISSING'));
  });

  test('F224 only those that are named; a wrong name changes nothing', async () => {
    await world.keep();
    await world.broker.set(admin, 'other', { value: before, isMine: false });
    const wrong = world.broker.emergency(admin, { indicator: 'manual_trigger', names: ['openai', 'nobody'] });
    await expect(wrong).rejects.toMatchObject(code('NOT_FOUND'));
    expect(await world.read()).toBe(before);
    await world.broker.emergency(admin, { indicator: 'manual_trigger', names: ['openai'] });
    await expect(world.read()).rejects.toMatchObject(code('SECRET_REVOKED'));
    expect(await world.read('secret:other')).toBe(before);
  });
});

describe('F218 whose they are', () => {
  test('F218 everybody’s are the administrators’ to manage; a person’s own are seen by nobody else', async () => {
    await world.keep();
    await world.broker.set(ann, 'mail', { value: 'ann-mail-password', isMine: true });
    for (const attempt of [
      world.broker.set(ann, 'x', { value: 'v', isMine: false }),
      world.broker.get(ann, 'openai', false),
      world.broker.delete(ann, 'openai', false),
      world.broker.rotate(ann, 'openai', false, 'v'),
      world.broker.emergency(ann, { indicator: 'manual_trigger' }),
      world.broker.lock(ann),
      world.broker.unlock(ann),
    ])
      await expect(attempt).rejects.toMatchObject(code('PERMISSION_DENIED'));
    expect((await world.broker.list(ann)).map(({ name }) => name)).toEqual(['mail']);
    expect((await world.broker.list(admin)).map(({ name }) => name)).toEqual(['openai']);
    await expect(world.broker.get(admin, 'mail', true)).rejects.toMatchObject(code('NOT_FOUND'));
    const elsewhere = { ...admin, tenantId: 'other' };
    expect(await world.broker.list(elsewhere)).toEqual([]);
    await expect(world.broker.read('secret:openai', { ...reader, tenantId: 'other' })).rejects.toMatchObject(
      code('SECRET_MISSING'),
    );
    const emergency = await world.broker.emergency(elsewhere, { indicator: 'manual_trigger' });
    expect(emergency.revoked).toEqual([]);
  });

  test('F218 a person’s own goes before everybody’s of the same name', async () => {
    await world.keep();
    await world.broker.set(ann, 'openai', { value: 'of-ann-0123456789', isMine: true });
    expect(await world.broker.read('secret:openai', { ...reader, userId: 'ann' })).toBe('of-ann-0123456789');
    expect(await world.broker.read('secret:openai', { ...reader, userId: 'bob' })).toBe(before);
    expect(await world.read()).toBe(before);
  });
});

describe('F218 the lock', () => {
  test('F218 locked, nothing is read or written until it is unlocked', async () => {
    await world.keep();
    await world.broker.lock(admin);
    expect(world.broker.state().state).toBe('locked');
    for (const attempt of [world.read(), world.broker.list(admin), world.keep()])
      await expect(attempt).rejects.toMatchObject(code('SECRETS_LOCKED'));
    await world.broker.unlock(admin);
    expect([world.broker.state().state, await world.read()]).toEqual(['open', before]);
  });

  test('F218 a wrong passphrase leaves it locked', async () => {
    await world.broker.stop();
    await world.place.dispose();
    world.place = createPlace({ key: 'passphrase' });
    world.start();
    await world.broker.warm();
    expect(world.broker.state().state).toBe('new');
    await world.broker.unlock(admin, 'right');
    await world.keep();
    await world.restart();
    await expect(world.read()).rejects.toMatchObject(code('SECRETS_LOCKED'));
    await expect(world.broker.unlock(admin, 'wrong')).rejects.toMatchObject(code('PASSPHRASE_WRONG'));
    await expect(world.read()).rejects.toMatchObject(code('SECRETS_LOCKED'));
    await world.broker.unlock(admin, 'right');
    expect(await world.read()).toBe(before);
  });
});

test('F218 every access is recorded with who, what and for what, and no record holds a value', async () => {
  await world.keep();
  await world.read();
  await world.read('secret:nobody').catch(() => {});
  await world.broker.rotate(admin, 'openai', false, after);
  await world.broker.delete(admin, 'openai', false);
  expect(world.audits).toContainEqual({
    tenantId: 'home',
    actor: null,
    type: 'secret.read',
    target: 'openai',
    data: { purpose: 'provider openai', version: 1 },
  });
  expect(world.audits).toContainEqual(
    expect.objectContaining({ type: 'secret.set', actor: 'owner', target: 'openai' }),
  );
  expect(world.audits).toContainEqual(
    expect.objectContaining({
      type: 'secret.refused',
      target: 'nobody',
      data: { purpose: 'provider openai', code: 'SECRET_MISSING' },
    }),
  );
  expect(world.audits).toContainEqual(expect.objectContaining({ type: 'secret.deleted' }));
  for (const value of [before, after])
    expect(JSON.stringify([world.audits, world.notices])).not.toContain(value);
});
