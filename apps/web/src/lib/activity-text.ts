import type { Activity } from '@reeve/protocol';
import { t } from './i18n.ts';

/** What a running answer does, in words. */
export const activityText = (activity: Activity | null | undefined): string =>
  activity ? t(`activity.${activity.phase}`, { name: activity.detail ?? '' }) : t('mark.running');
