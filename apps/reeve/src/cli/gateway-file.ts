import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FaultError } from '@reeve/protocol';

/** `<home>/run/gateway.json`, written by a running gateway and readable by its owner alone. */
export interface GatewayFile {
  pid: number;
  url: string;
  token: string;
  startedAt: number;
}

export const readGatewayFile = (home: string): GatewayFile | null => {
  try {
    return JSON.parse(readFileSync(join(home, 'run', 'gateway.json'), 'utf8')) as GatewayFile;
  } catch {
    return null;
  }
};

export interface GatewayAddress {
  url: string;
  token: string | undefined;
}

/**
 * Where the gateway is and how to speak to it: what was given, else what the data folder says. The token of the data
 * folder is for its own gateway: it is not sent to another address. Throws FaultError GATEWAY_UNREACHABLE.
 */
export const findGateway = (home: string, given: { url?: string; token?: string }): GatewayAddress => {
  const file = readGatewayFile(home);
  if (given.url) {
    if (!URL.canParse(given.url) || !/^https?:$/.test(new URL(given.url).protocol)) {
      throw new FaultError('INVALID_PARAMS', `--url ${given.url} is not an http or https address.`);
    }
    const isOwn = file !== null && new URL(given.url).origin === new URL(file.url).origin;
    return { url: given.url, token: given.token ?? (isOwn ? file.token : undefined) };
  }
  if (!file) throw new FaultError('GATEWAY_UNREACHABLE', `No Reeve runs on ${home}.`);
  return { url: file.url, token: given.token ?? file.token };
};
