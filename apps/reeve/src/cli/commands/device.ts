import type { CommandRun } from '../context.ts';
import { safeLine, showTime, table } from '../terminal.ts';

/** Where the account is signed in, and the devices that proved a key of their own. */
export const list: CommandRun<[]> = async (context) => {
  const client = await context.client();
  const { signal } = context.io;
  const [{ sessions }, { devices }] = await Promise.all([
    client.account.sessions(undefined, { signal }),
    client.account.devices(undefined, { signal }),
  ]);
  context.print({ sessions, devices }, () =>
    sessions.length + devices.length === 0
      ? 'Signed in nowhere but here.'
      : table(
          ['ID', 'WHAT', 'FROM', 'SINCE', 'LAST USED'],
          [
            ...sessions.map((session) => [
              session.id,
              safeLine(session.userAgent || session.kind, 50),
              session.address || '-',
              showTime(session.createdAt),
              showTime(session.lastUsedAt),
            ]),
            ...devices.map((device) => [
              device.deviceId,
              'paired device',
              '-',
              showTime(device.createdAt),
              '-',
            ]),
          ],
        ),
  );
};

/** Of either kind: the two have ids that never meet. */
export const revoke: CommandRun<[string]> = async (context, id) => {
  const client = await context.client();
  const { signal } = context.io;
  const { devices } = await client.account.devices(undefined, { signal });
  const isDevice = devices.some(({ deviceId }) => deviceId === id);
  const result = isDevice
    ? await client.account.revokeDevice({ id }, { signal })
    : await client.account.revokeSession({ id }, { signal });
  context.print(result, () => `Signed out ${id}.`);
};
