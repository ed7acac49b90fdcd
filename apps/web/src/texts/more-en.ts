import { accountEn } from './account-en.ts';
import { gateEn } from './gate-en.ts';
import { keepingEn } from './keeping-en.ts';
import { settingsEn } from './settings-en.ts';

/** What only views say that come after the first; loaded with them. */
export const moreEn = { ...accountEn, ...gateEn, ...keepingEn, ...settingsEn } as const;
