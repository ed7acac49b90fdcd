import type { IncomingMessage } from 'node:http';

/**
 * Who calls, as a name to count by: one spelling per address (IPv4 that comes as IPv6 is IPv4), and for IPv6 the
 * network, for a host has 2^64 addresses of its own. What a proxy says counts only when it is trusted, and then only
 * its own word, the last one: everything before it came from the caller.
 */
export const addressOf = (request: IncomingMessage, trustProxy: boolean): string => {
  const forwarded = request.headers['x-forwarded-for'];
  const said = trustProxy && forwarded !== undefined ? String(forwarded).split(',').at(-1)!.trim() : '';
  return normalise(said !== '' ? said : (request.socket.remoteAddress ?? ''));
};

/** One spelling: without brackets, zone and the port that some proxies add, and IPv4 that comes as IPv6 is IPv4. */
export const plainAddress = (address: string): string => {
  const plain = address
    .toLowerCase()
    .replace(/^\[([^\]]*)\](?::\d+)?$/, '$1')
    .replace(/^(\d{1,3}(?:\.\d{1,3}){3}):\d+$/, '$1')
    .replace(/%.*$/, '');
  return /^(?:0{0,4}:){0,5}:?:?ffff:(\d{1,3}(?:\.\d{1,3}){3})$/.exec(plain)?.[1] ?? plain;
};

export const normalise = (address: string): string => {
  const plain = plainAddress(address);
  if (!plain.includes(':')) return plain;
  const groups = expand(plain);
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff)
    return [groups[6]! >> 8, groups[6]! & 255, groups[7]! >> 8, groups[7]! & 255].join('.');
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
};

/** The eight groups of an IPv6 address. */
const expand = (address: string): number[] => {
  const [head = '', tail] = address.split('::');
  const read = (part: string) =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16) || 0);
  const first = read(head);
  const last = tail === undefined ? [] : read(tail);
  const gap = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length);
  return [...first, ...Array<number>(gap).fill(0), ...last, ...Array<number>(8).fill(0)].slice(0, 8);
};
