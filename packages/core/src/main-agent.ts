/** The only agent there is. */
export const mainAgent = 'main';
