import { useEffect } from 'react';
import type { GatewayTexts } from './gateway-texts.ts';
import { language } from './i18n.ts';
import { createStore, useStore } from './store.ts';

/** Null until they are there: the gateway's own texts are shown then. */
const loaded = createStore<GatewayTexts | null>(null);

/** Texts are no part of the first view. When they cannot be had, the gateway's own are shown. */
export const loadGatewayTexts = async (): Promise<GatewayTexts | null> => {
  const wanted = language.get();
  const texts = await (wanted === 'de'
    ? import('../texts/gateway-de.ts').then(({ gatewayDe }) => gatewayDe)
    : import('../texts/gateway-en.ts').then(({ gatewayEn }) => gatewayEn)
  ).catch(() => null);
  // Another language may have been chosen meanwhile.
  if (wanted === language.get()) loaded.set(texts);
  return texts;
};
language.subscribe(() => void loadGatewayTexts());

/** Draws anew when they are there. */
export const useGatewayTexts = (): GatewayTexts | null => {
  const texts = useStore(loaded);
  useEffect(() => {
    if (texts === null) void loadGatewayTexts();
  }, [texts]);
  return texts;
};
