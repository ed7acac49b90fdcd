export { setConfigValue } from './edit.ts';
export { configFile, resolveHome } from './home.ts';
export { findKey, keySpecs } from './keys.ts';
export { type ConfigFlags, type LoadedConfig, loadConfig } from './load.ts';
export { parseText } from './parse-text.ts';
export { renderConfigReference } from './reference.ts';
export { unsetValue } from './values.ts';
