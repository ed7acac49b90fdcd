import { createFakeClock, createGate, reply, startHarness } from '@reeve/testkit';
import { expect, test } from 'vitest';
import { connect, connectParams, openSocket, refusedUpgrade, type WireSocket } from '../support/wire.ts';

test('F004 of 48 sockets that do not sign in, 32 are let in', async () => {
  await using gateway = await startHarness();
  await using owner = await connect(gateway);
  const opened: WireSocket[] = [];
  let refused = 0;
  for (let n = 0; n < 48; n += 1) {
    const socket = await openSocket(gateway).catch(() => null);
    if (socket) opened.push(socket);
    else refused += 1;
  }
  expect([opened.length, refused]).toEqual([32, 16]);
  expect(await refusedUpgrade(gateway)).toBe(429);
  await owner.request('ping');
  opened[0]!.ws.terminate();
  await opened[0]!.closed;
  // The gateway learns of it a moment after the client.
  await owner.request('ping');
  const next = await openSocket(gateway);
  expect((await next.ask('connect', connectParams(gateway.token))).ok).toBe(true);
  await next.close();
  for (const socket of opened) socket.ws.terminate();
});

test('F004 before connect 64 KiB are too much, in one frame and in many pieces', async () => {
  await using gateway = await startHarness();
  const big = await openSocket(gateway);
  big.sendText(JSON.stringify(connectParams(gateway.token, { userAgent: 'x'.repeat(70_000) })));
  expect((await big.closed).code).toBe(1009);

  const trickle = await openSocket(gateway);
  trickle.ws.send('{', { fin: false });
  for (let n = 0; n < 80 && trickle.ws.readyState === trickle.ws.OPEN; n += 1)
    trickle.ws.send('x'.repeat(1024), { fin: false });
  expect((await trickle.closed).code).toBe(1009);
});

test('F004 after connect a frame may have 25 MiB, in the older handshake 128 KiB', async () => {
  await using gateway = await startHarness();
  const socket = await connect(gateway);
  expect((await socket.ask('ping', { filler: 'x'.repeat(1_000_000) })).ok).toBe(true);
  socket.sendText('x'.repeat(26_214_401));
  expect((await socket.closed).code).toBe(1009);

  const older = await openSocket(gateway);
  await older.ask('connect', { auth: { mode: 'token', token: gateway.token } });
  expect((await older.ask('ping', { filler: 'x'.repeat(100_000) })).ok).toBe(true);
  older.sendText(`{"type":"req","id":"big","method":"ping","params":"${'x'.repeat(131_072)}"}`);
  expect((await older.closed).code).toBe(1009);
});

test('F004 a client that stops reading is cut off and let go; others hear everything', async () => {
  const clock = createFakeClock();
  await using gateway = await startHarness({ clock });
  const deaf = await openSocket(gateway);
  await deaf.ask('connect', { auth: { mode: 'token', token: gateway.token } });
  await using well = await connect(gateway);
  const { sessionId } = await gateway.client.chat.send({ text: 'x'.repeat(400_000) });
  deaf.ws.pause();
  for (let n = 0; n < 200; n += 1)
    deaf.sendText(
      JSON.stringify({ type: 'req', id: `h${n}`, method: 'chat.history', params: { sessionKey: sessionId } }),
    );
  for (let clients = 2; clients > 1; ) {
    await clock.advance(5_000);
    clients = (await gateway.client.system.health()).ws_clients;
    await well.request('ping');
  }
  deaf.ws.resume();
  expect([1006, 1013]).toContain((await deaf.closed).code);
});

test('F004 fragments that a slow client missed come together later: nothing of the text is lost', async () => {
  await using gateway = await startHarness();
  await using slow = await connect(gateway);
  const { session_id: sessionId } = await gateway.client.chat.ask({ message: 'x'.repeat(800_000) });
  const gates = [createGate(), createGate()];
  gateway.model.enqueue(
    gates.reduce((answer, gate, n) => answer.text(`part ${n} `).hold(gate), reply).text('and the end'),
  );
  await slow.request('chat.send', { sessionKey: 'slow', message: 'go', idempotencyKey: 'slow-1' });
  await gates[0]!.reached;
  slow.ws.pause();
  // More than the kernel takes, so that it waits in the gateway.
  for (let n = 0; n < 20; n += 1)
    slow.sendText(
      JSON.stringify({ type: 'req', id: `h${n}`, method: 'chat.history', params: { sessionKey: sessionId } }),
    );
  gates[0]!.open();
  await gates[1]!.reached;
  gates[1]!.open();
  await gateway.client.chat.notifications({});
  slow.ws.resume();
  const end = await slow.until((frame) => frame.event === 'chat' && frame.payload.state === 'final');
  expect(end.payload.message.content[0].text).toBe('part 0 part 1 and the end');
  const deltas = slow.events('chat').filter((one) => one.runId === 'slow-1' && one.state === 'delta');
  expect(deltas.map((one) => one.deltaText).join('')).toBe('part 0 part 1 and the end');
});

test('F004 nobody who has not signed in hears anything but the challenge', async () => {
  const clock = createFakeClock();
  await using quiet = await startHarness({ clock });
  const stranger = await openSocket(quiet);
  await using owner = await connect(quiet);
  await owner.request('chat.send', { sessionKey: 'secret', message: 'the code is 4711' });
  await owner.until((frame) => frame.event === 'chat' && frame.payload.state === 'final');
  await clock.advance(10_000);
  expect(stranger.frames.map((frame) => frame.event)).toEqual(['connect.challenge']);
  stranger.ws.terminate();
});

test('F004 a client that sends without end is let go, and others do not notice', async () => {
  await using gateway = await startHarness({ clock: createFakeClock() });
  const flooder = await connect(gateway);
  await using well = await connect(gateway);
  for (let n = 0; n <= 10_000; n += 1) flooder.sendText(`{"type":"req","id":"f${n}","method":"ping"}`);
  expect(await flooder.closed).toEqual({ code: 1008, reason: 'too many messages' });
  await well.request('health');
});
