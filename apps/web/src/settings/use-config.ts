import type { ConfigValue, Json } from '@reeve/protocol';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { client, faultOf } from '../api/client.ts';
import { reloadModels } from '../api/models.ts';
import { queries } from '../api/queries.tsx';
import { t } from '../lib/i18n.ts';
import { showFault, showToast } from '../ui/toasts.tsx';

const configQuery = queryOptions({
  queryKey: ['config'],
  queryFn: ({ signal }) => client.config.list(undefined, { signal }),
});

export const useConfig = () => useQuery(configQuery);

/** Changes a setting; null takes it out of the file. Says whether it was saved; a refusal is shown in its words. */
export const saveSetting = async (key: string, value: Json): Promise<boolean> => {
  try {
    const { needsRestart } = await client.config.set({ key, value });
    await Promise.all([queries.invalidateQueries(), reloadModels()]);
    showToast(needsRestart ? t('savedRestart') : t('saved'));
    return true;
  } catch (error) {
    showFault(faultOf(error));
    return false;
  }
};

export const settingOf = (values: readonly ConfigValue[] | undefined, key: string): Json =>
  values?.find((one) => one.key === key)?.value ?? null;
