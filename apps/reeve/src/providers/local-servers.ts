import type { FoundServer, LocalPlace } from '@reeve/models';
import { findLocalServers, type LocalKind, localKinds, usualPlaces } from '@reeve/models';
import { FaultError } from '@reeve/protocol';

type Env = Record<string, string | undefined>;

/** Says where model servers may run: `none`, or a list such as `ollama=127.0.0.1:11434,vllm=10.0.0.5:8000`. */
const variable = 'REEVE_LOCAL_SERVERS';

/** Where to look: as the environment says, else the usual ports. Throws FaultError CONFIG_ERROR for a list that makes no sense. */
export const localPlaces = (env: Env): LocalPlace[] => {
  const text = env[variable]?.trim();
  if (!text) return usualPlaces(env);
  if (text === 'none') return [];
  return text.split(',').map((item) => {
    const [vendor = '', host = ''] = item.trim().split('=');
    if (!(localKinds as string[]).includes(vendor) || !URL.canParse(`http://${host}`))
      throw new FaultError('CONFIG_ERROR', `${variable}: ${item.trim()} is not a place of a model server.`, {
        next: `Write none, or a list of KIND=HOST:PORT; kinds are ${localKinds.join(', ')}.`,
      });
    return { vendor: vendor as LocalKind, host };
  });
};

/** The model servers found last. Looking takes up to 300 ms and is never waited for. */
export const createLocalServers = (places: readonly LocalPlace[]) => {
  let found: readonly FoundServer[] = [];
  const stopped = new AbortController();
  return {
    found: () => found,
    /** Resolves to whether anything is other than before. */
    async look(): Promise<boolean> {
      const before = JSON.stringify(found);
      const now = await findLocalServers(places, { signal: stopped.signal });
      if (stopped.signal.aborted) return false;
      found = now;
      return JSON.stringify(found) !== before;
    },
    stop: () => stopped.abort(),
  };
};
