import type { MoreTexts } from '../lib/i18n.ts';
import { accountDe } from './account-de.ts';
import { gateDe } from './gate-de.ts';
import { keepingDe } from './keeping-de.ts';
import { settingsDe } from './settings-de.ts';

export const moreDe: MoreTexts = { ...accountDe, ...gateDe, ...keepingDe, ...settingsDe };
