import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  admin,
  after,
  before,
  code,
  createWorld,
  dayMs,
  hourMs,
  invalid,
  policy,
  settled,
  unreachable,
  valid,
} from './broker-world.ts';

let world: ReturnType<typeof createWorld>;
beforeEach(() => {
  world = createWorld();
});
afterEach(() => world.dispose());

describe('F222 rotation', () => {
  test('F222 the new value is tried, then used by the next call, while the one before is valid for a window', async () => {
    await world.keep();
    const info = await world.broker.rotate(admin, 'openai', false, after);
    expect(world.tried).toEqual([after]);
    expect(info).toMatchObject({
      version: 2,
      masked: '…6789',
      rotation: { phase: 'window', from: 1, to: 2 },
    });
    expect([
      await world.read(),
      await world.read('secret:openai#1'),
      await world.read('secret:openai#2'),
    ]).toEqual([after, before, after]);
    await world.place.clock.advance(24 * hourMs);
    await expect(world.read('secret:openai#1')).rejects.toMatchObject(code('SECRET_MISSING'));
    await settled(async () => (await world.broker.get(admin, 'openai', false)).rotation === null);
    expect(await world.read()).toBe(after);
    expect(world.audits.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['secret.rotation_started', 'secret.rotated', 'secret.version_dropped']),
    );
  });

  test('F222 F223 a value that its provider refuses is taken back and never used', async () => {
    await world.keep();
    world.answers = [invalid];
    await expect(world.broker.rotate(admin, 'openai', false, after)).rejects.toMatchObject(
      code('SECRET_REFUSED'),
    );
    expect(world.tried.length).toBe(1);
    expect(await world.read()).toBe(before);
    await expect(world.read('secret:openai#2')).rejects.toMatchObject(code('SECRET_MISSING'));
    expect(await world.broker.get(admin, 'openai', false)).toMatchObject({
      rotation: null,
      lastFailure: invalid.reason,
    });
    expect(world.notices.join()).toContain('taken back');
  });

  test('F222 a provider that cannot be asked is asked three times, then the value is taken back', async () => {
    await world.keep();
    world.answers = [unreachable];
    const rotating = world.broker.rotate(admin, 'openai', false, after).catch((error: unknown) => error);
    await settled(async () => world.tried.length === 1);
    await settled(async () => {
      await world.place.clock.advance(10_000);
      return world.tried.length === 3;
    });
    expect(await rotating).toMatchObject(code('SECRET_REFUSED'));
    expect(world.tried.length).toBe(3);
    expect(await world.read()).toBe(before);
    world.answers = [unreachable, valid];
    const again = world.broker.rotate(admin, 'openai', false, after);
    await settled(async () => {
      await world.place.clock.advance(10_000);
      return (await world.read()) === after;
    });
    expect((await again).version).toBe(2);
  });

  test('F222 a window of nothing drops the value before at once', async () => {
    await world.keep({ windowHours: 0 });
    expect((await world.broker.rotate(admin, 'openai', false, after)).rotation).toBeNull();
    await expect(world.read('secret:openai#1')).rejects.toMatchObject(code('SECRET_MISSING'));
  });

  test('F222 back to the value before while it is valid, and not later', async () => {
    await world.keep();
    await expect(world.broker.rollback(admin, 'openai', false)).rejects.toMatchObject(code('CONFLICT'));
    await world.broker.rotate(admin, 'openai', false, after);
    expect((await world.broker.rollback(admin, 'openai', false)).rotation).toBeNull();
    expect(await world.read()).toBe(before);
    await expect(world.read('secret:openai#2')).rejects.toMatchObject(code('SECRET_MISSING'));
  });

  test('F222 a restart in the middle goes on: the trial, the window, the due date', async () => {
    await world.keep();
    world.answers = [unreachable];
    const rotating = world.broker.rotate(admin, 'openai', false, after).catch((error: unknown) => error);
    await settled(async () => world.tried.length === 1);
    await world.restart();
    expect(await rotating).toMatchObject(code('SHUTTING_DOWN'));
    world.answers = [valid];
    expect(await world.read()).toBe(before);
    await settled(async () => {
      await world.place.clock.advance(1);
      return (await world.read()) === after;
    });
    await world.restart();
    expect(await world.read('secret:openai#1')).toBe(before);
    await world.place.clock.advance(24 * hourMs);
    await settled(async () => (await world.broker.get(admin, 'openai', false)).rotation === null);
    await world.broker.setPolicy(admin, 'openai', false, policy({ intervalDays: 30 }));
    await world.restart();
    await world.broker.warm();
    await world.place.clock.advance(31 * dayMs);
    await settled(async () => world.notices.some((one) => one.includes('due')));
  });

  test('F222 when one is due: what Reeve makes itself is rotated, for the rest somebody is told', async () => {
    await world.keep({ intervalDays: 90, generate: true });
    await world.place.clock.advance(90 * dayMs);
    await settled(async () => (await world.read()).startsWith('generated-value-'));
    expect(world.notices).toEqual([]);
    await world.broker.set(admin, 'other', {
      value: before,
      isMine: false,
      policy: policy({ intervalDays: 40 }),
    });
    await world.place.clock.advance(39 * dayMs);
    expect(world.notices).toEqual([]);
    await world.place.clock.advance(2 * dayMs);
    await settled(async () => world.notices.length > 0);
    expect(world.notices[0]).toContain('reeve secret rotate other');
  });

  test('F222 a value that is set meanwhile wins over a trial', async () => {
    await world.keep();
    world.answers = [unreachable];
    const rotating = world.broker.rotate(admin, 'openai', false, after);
    await settled(async () => world.tried.length === 1);
    await expect(world.broker.rotate(admin, 'openai', false, 'third')).rejects.toMatchObject(
      code('CONFLICT'),
    );
    await world.broker.set(admin, 'openai', { value: 'set-by-hand-0123', isMine: false });
    world.answers = [valid];
    await settled(async () => {
      await world.place.clock.advance(10_000);
      return world.tried.length >= 2;
    });
    await rotating;
    expect(await world.read()).toBe('set-by-hand-0123');
  });

  test('F222 what Reeve does not make needs a value', async () => {
    await world.keep();
    await expect(world.broker.rotate(admin, 'openai', false)).rejects.toMatchObject(code('INVALID_PARAMS'));
    await world.keep({ generate: true });
    expect((await world.broker.rotate(admin, 'openai', false)).version).toBe(3);
    expect(await world.read()).toMatch(/^generated-value-/);
  });
});
