import { type ComponentType, lazy } from 'react';
import { loadMoreTexts } from './i18n.ts';
import { latePart } from './late-part.ts';
import { loadGatewayTexts } from './use-gateway-texts.ts';

/**
 * A view that is a part of its own, with the texts that only such views need: what is read must not change under
 * who reads it.
 */
export const lateView = <P extends object>(load: () => Promise<{ default: ComponentType<P> }>) =>
  lazy(async () => {
    const [view] = await Promise.all([latePart(load), latePart(loadMoreTexts), loadGatewayTexts()]);
    return view;
  });
