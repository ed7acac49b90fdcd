import { connect as connectTcp } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import type { Harness } from '@reeve/testkit';
import { createDevice, proof, type TestDevice } from '../support/device.ts';
import { allScopes, challengeOf, connectParams, type OpenOptions, openSocket } from '../support/wire.ts';

const client = { id: 'gateway-client', version: '1', platform: 'linux', mode: 'backend' };

export interface Attempt {
  gateway: Pick<Harness, 'url' | 'token'>;
  device?: TestDevice;
  token?: string;
  scopes?: string[];
  /** Changes what was signed. */
  signed?: object;
  /** Changes what is sent. */
  sent?: object;
}

/** A connect with a device, honest but for what is changed. */
export const attempt = async ({
  gateway,
  device = createDevice(),
  token = gateway.token,
  scopes = allScopes,
  signed,
  sent,
}: Attempt) => {
  const socket = await openSocket(gateway);
  const { nonce, ts } = await challengeOf(socket);
  const shown = proof(device, {
    version: 'v2',
    clientId: client.id,
    clientMode: client.mode,
    role: 'operator',
    scopes,
    signedAt: ts,
    token,
    nonce,
    ...signed,
  });
  const answer = await socket.ask(
    'connect',
    connectParams(token, { client, scopes, device: { ...shown, ...sent } }),
  );
  return { socket, answer, shown };
};

/** `ok`, or the code of the refusal, for a socket that shows a token. */
export const guess = async (
  gateway: Pick<Harness, 'url'>,
  token: string,
  options: OpenOptions = {},
): Promise<string> => {
  const socket = await openSocket(gateway, options);
  await challengeOf(socket);
  const answer = await socket.ask('connect', connectParams(token));
  if (answer.ok) {
    await socket.close();
    return 'ok';
  }
  await socket.closed;
  return answer.error.details.code;
};

/** Bytes as they are, for what no client would send; the answer when the gateway has closed the connection. */
export const sendBytes = ({ url }: Pick<Harness, 'url'>, bytes: string): Promise<string> => {
  const socket = connectTcp(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => {});
  socket.write(bytes);
  return readText(socket).catch(() => '');
};
