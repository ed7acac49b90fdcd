import { createHash, generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEntry, AuditLedger } from '@reeve/core';
import { createFakeClock } from '@reeve/testkit/fake-clock';
import SqliteDatabase from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSigner } from '../src/audit/chain.ts';
import { verifyBundle } from '../src/index.ts';
import { createHome, openHome } from './homes.ts';

let home: string;
let remove: () => void;
beforeEach(() => {
  ({ home, remove } = createHome());
});
afterEach(() => remove());

const never = new AbortController().signal;
const always = () => true;
const entry = (n: number, more: Partial<AuditEntry> = {}): AuditEntry => ({
  tenantId: 'home',
  actor: 'owner',
  type: 'tool.called',
  outcome: 'allow',
  target: `tool ${n}`,
  data: { n },
  ...more,
});

/** A closed data folder with `count` entries. */
const fill = async (count: number, tenants = ['home']) => {
  const { audit, close } = openHome(home);
  for (const tenantId of tenants)
    await Promise.all(Array.from({ length: count }, (_, n) => audit.append(entry(n, { tenantId }))));
  await close();
};

const tamper = (sql: string) => {
  const db = new SqliteDatabase(join(home, 'reeve.db'));
  db.exec(sql);
  db.close();
};

const verify = async (tenantId = 'home') => {
  const { audit, close } = openHome(home);
  const verdict = await audit.verify(tenantId, never);
  await close();
  return verdict;
};
const kinds = async () => [...new Set((await verify()).problems.map(({ kind }) => kind))];

describe('F213 the audit', () => {
  test('F213 writers at once give one chain without gaps, and each tenant its own', async () => {
    await fill(300, ['home', 'work']);
    expect(await verify()).toMatchObject({ isIntact: true, entries: 300, from: 1, to: 300 });
    expect(await verify('work')).toMatchObject({ isIntact: true, entries: 300 });
  });

  test.each([
    ['a change of any column', "UPDATE audit SET outcome = 'deny' WHERE seq = 7", 'changed'],
    ['a change of what has no column', "UPDATE audit SET entry_json = '{}' WHERE seq = 7", 'changed'],
    ['a change of the time', 'UPDATE audit SET at = at - 1 WHERE seq = 7', 'changed'],
    ['another actor', 'UPDATE audit SET actor = NULL WHERE seq = 20', 'changed'],
    ['a removed entry', 'DELETE FROM audit WHERE seq = 7', 'missing'],
    ['a removed beginning', 'DELETE FROM audit WHERE seq < 4', 'missing'],
    ['a removed end', 'DELETE FROM audit WHERE seq > 15', 'truncated'],
    ['everything gone', 'DELETE FROM audit', 'truncated'],
    [
      'two entries that changed places',
      'UPDATE audit SET seq = 1000 WHERE seq = 7; UPDATE audit SET seq = 7 WHERE seq = 8; UPDATE audit SET seq = 8 WHERE seq = 1000;',
      'changed',
    ],
    [
      'an entry more',
      'INSERT INTO audit SELECT tenant, 21, at, type, outcome, actor, target, session_id, correlation_id, entry_json, hash FROM audit WHERE seq = 20',
      'forged-tail',
    ],
    ['a head of somebody else', "UPDATE audit_heads SET signature = 'AAAA'", 'bad-signature'],
    ['no head at all', 'DELETE FROM audit_heads', 'forged-tail'],
  ])('F213 finds %s', async (_what, sql, kind) => {
    await fill(20);
    tamper(sql);
    expect(await kinds()).toContain(kind);
  });

  test('F213 a chain rewritten with right hashes still lacks the signature', async () => {
    await fill(5);
    const { auditHash } = await import('../src/audit/chain.ts');
    const { genesis } = await import('../src/journal/hash.ts');
    const db = new SqliteDatabase(join(home, 'reeve.db'));
    let previous = genesis;
    for (const row of db.prepare('SELECT * FROM audit ORDER BY seq').all() as Parameters<
      typeof auditHash
    >[1][]) {
      const forged = { ...row, outcome: 'forged' };
      previous = auditHash(previous, forged);
      db.prepare('UPDATE audit SET outcome = ?, hash = ? WHERE seq = ?').run('forged', previous, row.seq);
    }
    db.prepare('UPDATE audit_heads SET hash = ?').run(previous);
    db.close();
    expect(await kinds()).toEqual(['bad-signature']);
  });

  test('F213 an older database put back in place is found by the checkpoints outside of it', async () => {
    await fill(10);
    const before = readFileSync(join(home, 'reeve.db'));
    await fill(1_100);
    expect((await verify()).checkpoints).toBeGreaterThan(0);
    writeFileSync(join(home, 'reeve.db'), before);
    expect(await kinds()).toContain('truncated');
  });

  test('F215 what is too old goes in order, and the rest stays verifiable', async () => {
    const clock = createFakeClock();
    const { audit, close } = openHome(home, { clock });
    for (let n = 0; n < 10; n += 1) {
      await audit.append(entry(n));
      await clock.advance(1_000);
    }
    expect(await audit.prune('home', clock.now() - 5_000, always)).toBe(5);
    expect(await audit.verify('home', never)).toMatchObject({ isIntact: true, entries: 5, from: 6, to: 10 });
    await audit.append(entry(11));
    expect(await audit.prune('home', clock.now() + 1, always)).toBe(6);
    await audit.append(entry(12));
    expect(await audit.verify('home', never)).toMatchObject({ isIntact: true, entries: 1, from: 12 });
    await close();
    tamper('DELETE FROM audit_checkpoints');
    expect(await verify()).toMatchObject({ isIntact: true });
    tamper('UPDATE audit SET seq = 13');
    expect(await kinds()).toContain('missing');
  });

  test('F213 a write that is taken back leaves no entry and no gap', async () => {
    const { audit, store, close } = openHome(home);
    await audit.append(entry(1));
    await Promise.allSettled([
      store.write(async (tx) => {
        await tx.audit(entry(2));
        throw new Error('no');
      }),
      store.write((tx) => tx.audit(entry(3))),
    ]);
    expect((await audit.query({ tenantId: 'home', limit: 10 })).map(({ data }) => data!.n)).toEqual([3, 1]);
    expect(await audit.verify('home', never)).toMatchObject({ isIntact: true, to: 2 });
    await close();
  });

  test('F214 F215 filters by everything that an entry has', async () => {
    const { audit, close } = openHome(home);
    await audit.append(entry(1, { type: 'auth.login', target: 'ada', sessionId: 's', correlationId: 'c' }));
    await audit.append(entry(2, { type: 'auth.failed', outcome: 'deny' }));
    await audit.append(entry(3, { type: 'author.x', actor: 'bob' }));
    const find = async (query: object) =>
      (await audit.query({ tenantId: 'home', limit: 10, ...query })).map(({ seq }) => seq);
    expect(await find({ type: 'auth' })).toEqual([2, 1]);
    expect(await find({ type: 'auth.login' })).toEqual([1]);
    expect(await find({ outcome: 'deny' })).toEqual([2]);
    expect(await find({ actor: 'bob' })).toEqual([3]);
    expect(await find({ target: 'ada' })).toEqual([1]);
    expect(await find({ sessionId: 's', correlationId: 'c' })).toEqual([1]);
    expect(await find({ before: 3 })).toEqual([2, 1]);
    expect(await audit.query({ tenantId: 'work', limit: 10 })).toEqual([]);
    await close();
  });

  test('F213 F215 whatever reads or removes much lets others run between its steps', async () => {
    const clock = createFakeClock();
    await fill(9_000);
    const { audit, close } = openHome(home, { clock });
    /** How often something else had its turn meanwhile. */
    const turnsIn = async (work: Promise<unknown>) => {
      let turns = 0;
      let isDone = false;
      const count = () => {
        turns += 1;
        if (!isDone) setImmediate(count);
      };
      setImmediate(count);
      await work;
      isDone = true;
      return turns;
    };
    expect(await turnsIn(audit.verify('home', never))).toBeGreaterThan(3);
    expect(await turnsIn(audit.stats('home', 0))).toBeGreaterThan(3);
    expect(await turnsIn(audit.query({ tenantId: 'home', type: 'nothing', limit: 10 }))).toBeGreaterThan(3);
    expect(await turnsIn(audit.prune('home', Number.MAX_SAFE_INTEGER, always))).toBeGreaterThan(3);
    expect(await audit.verify('home', never)).toMatchObject({ isIntact: true, entries: 0 });
    await close();
  });

  test('F213 a chain that grows and is pruned while it is verified is intact all the same', async () => {
    await fill(5_000);
    const { audit, close } = openHome(home);
    const verdict = audit.verify('home', never);
    const more = Array.from({ length: 50 }, (_, n) => audit.append(entry(n)));
    const pruned = audit.prune('home', Number.MAX_SAFE_INTEGER, always);
    expect(await verdict).toMatchObject({ isIntact: true, entries: 5_000, problems: [] });
    await Promise.all(more);
    expect(await pruned).toBeGreaterThanOrEqual(5_000);
    expect((await audit.verify('home', never)).isIntact).toBe(true);
    await close();
  });

  /** A bundle as the lines of its file. */
  const bundleOf = async (audit: AuditLedger): Promise<string[]> => {
    let text = '';
    let cursor: string | undefined;
    do {
      const part = await audit.bundle('home', cursor);
      text += part.content;
      cursor = part.next ?? undefined;
    } while (cursor !== undefined);
    expect(text.endsWith('\n')).toBe(true);
    return text.slice(0, -1).split('\n');
  };
  const check = async (lines: readonly string[]) =>
    verifyBundle(
      (async function* () {
        yield* lines;
      })(),
      never,
    );

  test('F213 F215 a bundle in pieces holds the whole chain, and is verified without the database', async () => {
    await fill(4_500);
    const { audit, close } = openHome(home);
    const bundle = audit.bundle('home', undefined);
    // What is added while it is taken is not part of it.
    await audit.append(entry(1));
    expect((await bundle).next).toBe('2000-4500');
    const lines = await bundleOf(audit);
    const verdict = await check(lines);
    expect(verdict).toMatchObject({ isIntact: true, tenantId: 'home', entries: 4_501, from: 1, to: 4_501 });
    expect(verdict.key).toBe((await audit.verify('home', never)).key);
    expect(verdict.checkpoints).toBeGreaterThan(0);
    // As docs/audit.md says it to others: the hash of a line is at the start of the next one.
    expect(createHash('sha256').update(lines[1]!).digest('hex')).toBe(JSON.parse(lines[2]!)[0]);
    await close();
  });

  test('F213 F215 a bundle of a pruned chain begins at its anchor; one of none is empty and whole', async () => {
    const clock = createFakeClock();
    const { audit, close } = openHome(home, { clock });
    expect(await check(await bundleOf(audit))).toMatchObject({ isIntact: true, entries: 0 });
    for (let n = 0; n < 5; n += 1) {
      await audit.append(entry(n));
      await clock.advance(1_000);
    }
    await audit.prune('home', clock.now() - 2_000, always);
    expect(await check(await bundleOf(audit))).toMatchObject({ isIntact: true, entries: 2, from: 4, to: 5 });
    await audit.prune('home', clock.now() + 1, always);
    expect(await check(await bundleOf(audit))).toMatchObject({ isIntact: true, entries: 0 });
    await close();
  });

  test('F213 any change of a bundle is found', async () => {
    await fill(20);
    const { audit, close } = openHome(home);
    const lines = await bundleOf(audit);
    await close();
    const changed = (at: number, edit: (line: string) => string) =>
      lines.map((line, index) => (index === at ? edit(line) : line));
    const attacks: [string, string[]][] = [
      ['a word', changed(7, (line) => line.replace('tool', 'tuul'))],
      ['white space', changed(7, (line) => line.replace(',', ', '))],
      ['the last entry', changed(20, (line) => line.replace('allow', 'deny'))],
      ['a line that is none', changed(7, () => 'nothing')],
      ['a line less', lines.filter((_, index) => index !== 7)],
      ['the first line less', lines.filter((_, index) => index !== 1)],
      ['the end less', lines.slice(0, -1)],
      ['a line twice', [...lines, lines[20]!]],
      ['all lines less', lines.slice(0, 1)],
      ['two changed places', [...lines.slice(0, 5), lines[6]!, lines[5]!, ...lines.slice(7)]],
      ['no signed end', changed(0, (line) => JSON.stringify({ ...JSON.parse(line), head: null }))],
    ];
    expect((await check(lines)).isIntact).toBe(true);
    for (const [what, edited] of attacks)
      expect([what, (await check(edited)).isIntact]).toEqual([what, false]);
    // Signed again by somebody else it is whole, with a key that is not ours.
    const { privateKey, publicKey } = generateKeyPairSync('ed25519', {
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    const { head, ...rest } = JSON.parse(lines[0]!);
    const signature = createSigner({ privateKey, publicKey }).sign(head);
    const forged = await check([
      JSON.stringify({ ...rest, publicKey, checkpoints: [], head: { ...head, signature } }),
      ...lines.slice(1),
    ]);
    expect(forged.isIntact).toBe(true);
    expect(forged.key).not.toBe((await check(lines)).key);
    const noKey = JSON.stringify({ ...rest, head, publicKey: 'none' });
    for (const text of [[], ['{}'], ['nothing'], ['{"format":"reeve-audit-1"}'], [noKey]])
      await expect(check(text)).rejects.toMatchObject({ fault: { code: 'SERIALIZATION_ERROR' } });
  });

  test('F215 what is held from a moment on is not removed after it', async () => {
    await fill(5_000);
    const { audit, close } = openHome(home);
    let isHeld = false;
    const pruned = audit.prune('home', Number.MAX_SAFE_INTEGER, () => !isHeld);
    await audit.append(entry(1));
    isHeld = true;
    expect(await pruned).toBe(2_000);
    expect(await audit.verify('home', never)).toMatchObject({ isIntact: true, entries: 3_001 });
    await close();
  });

  test('F213 who gives up on a verification ends it', async () => {
    await fill(5_000);
    const { audit, close } = openHome(home);
    const controller = new AbortController();
    const verdict = audit.verify('home', controller.signal);
    controller.abort();
    await expect(verdict).rejects.toThrow(/abort/i);
    await close();
  });

  test('F215 numbers and searches by time see all that is young enough, whatever the size', async () => {
    const clock = createFakeClock();
    const { audit, close } = openHome(home, { clock });
    const add = (from: number, count: number) =>
      Promise.all(
        Array.from({ length: count }, (_, n) =>
          audit.append(entry(from + n, { outcome: n % 2 ? 'deny' : 'allow' })),
        ),
      );
    await add(0, 3_000);
    await clock.advance(1_000);
    const since = clock.now();
    await add(3_000, 5_000);
    expect(await audit.stats('home', since)).toMatchObject({
      entries: 5_000,
      from: 3_001,
      to: 8_000,
      byType: [
        { type: 'tool.called', count: 2_500 },
        { type: 'tool.called', count: 2_500 },
      ],
    });
    expect(await audit.stats('home', 0)).toMatchObject({ entries: 8_000, from: 1, to: 8_000 });
    const young = await audit.query({ tenantId: 'home', since, limit: 10_000 });
    expect([young.length, young[0]!.seq, young.at(-1)!.seq]).toEqual([5_000, 8_000, 3_001]);
    const [oldest] = await audit.query({ tenantId: 'home', target: 'tool 0', limit: 5 });
    expect(oldest!.seq).toBe(1);
    expect((await audit.query({ tenantId: 'home', before: 4_001, limit: 2 })).map(({ seq }) => seq)).toEqual([
      4_000, 3_999,
    ]);
    await close();
  });

  test('F213 any change of any stored value is found', async () => {
    await fill(12);
    const columns = [
      'at',
      'type',
      'outcome',
      'actor',
      'target',
      'session_id',
      'correlation_id',
      'entry_json',
      'hash',
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...columns), fc.integer({ min: 1, max: 12 }), async (column, seq) => {
        const saved = readFileSync(join(home, 'reeve.db'));
        tamper(`UPDATE audit SET ${column} = ${column === 'at' ? '1' : "'other'"} WHERE seq = ${seq}`);
        expect((await verify()).isIntact).toBe(false);
        writeFileSync(join(home, 'reeve.db'), saved);
      }),
      { numRuns: 30 },
    );
    expect((await verify()).isIntact).toBe(true);
  });
});
