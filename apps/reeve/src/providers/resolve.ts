import { type ProviderKind, type Vendor, vendorOf } from '@reeve/models/vendors';
import { type Config, FaultError, type ProviderConfig } from '@reeve/protocol';

/** Where a configured provider is and what it speaks. */
export interface ResolvedProvider {
  kind: ProviderKind;
  baseUrl: string;
  vendor: Vendor | undefined;
  /** It is the vendor's own server, which may be given the vendor's key out of the environment. */
  isVendorsOwn: boolean;
}

/** Whose address stands in for a missing one, by protocol: only protocols that one vendor has made. */
const makers: Partial<Record<ProviderConfig['kind'], string>> = {
  anthropic: 'anthropic',
  google: 'google',
  ollama: 'ollama',
  openai: 'openai',
  'openai-responses': 'openai',
};

/** Throws FaultError CONFIG_ERROR for a server that nobody knows and that has no address. */
export const resolveProvider = (
  id: string,
  { kind, baseUrl }: Pick<ProviderConfig, 'kind' | 'baseUrl'>,
): ResolvedProvider => {
  const vendor = vendorOf(id) ?? vendorOf(makers[kind] ?? '');
  const address = baseUrl || vendor?.baseUrl;
  if (address === undefined)
    throw new FaultError(
      'CONFIG_ERROR',
      `[providers.${id}] has no baseUrl, and no vendor of that name is known.`,
      {
        next: `Set providers.${id}.baseUrl to the address of its API, or name the table after a known vendor (docs/models.md lists them).`,
        details: { problems: [{ key: `providers.${id}.baseUrl`, allowed: 'an http or https address' }] },
      },
    );
  const isVendorsOwn = vendor !== undefined && new URL(address).origin === new URL(vendor.baseUrl).origin;
  const usual = (isVendorsOwn ? undefined : vendor?.kindElsewhere) ?? vendor?.kind ?? 'openai-compatible';
  return { kind: kind === 'auto' ? usual : kind, baseUrl: address, vendor, isVendorsOwn };
};

/** The first provider of a configuration that cannot be resolved; null when all can. */
export const providerMistake = (config: Pick<Config, 'providers'>): FaultError | null => {
  for (const [id, provider] of Object.entries(config.providers)) {
    try {
      resolveProvider(id, provider);
    } catch (error) {
      if (error instanceof FaultError) return error;
      throw error;
    }
  }
  return null;
};
