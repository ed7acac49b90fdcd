import type { Json } from '@reeve/protocol';

/** What browsers have and the types of the DOM do not name yet everywhere. */
interface JsonCeremonies {
  parseCreationOptionsFromJSON(json: unknown): PublicKeyCredentialCreationOptions;
  parseRequestOptionsFromJSON(json: unknown): PublicKeyCredentialRequestOptions;
}

const ceremonies = (): JsonCeremonies | undefined => {
  const found = globalThis.PublicKeyCredential as unknown as JsonCeremonies | undefined;
  return found && 'parseRequestOptionsFromJSON' in found ? found : undefined;
};

/** Browsers keep passkeys for names that are served securely, and for none of numbers. */
export const canUsePasskeys = (): boolean =>
  isSecureContext && !/^[\d.]+$|^\[/.test(location.hostname) && ceremonies() !== undefined;

/** The same page under a name that a browser keeps passkeys for, where there is one. */
export const namedAddress = (): string | null =>
  location.hostname === '127.0.0.1' ? location.href.replace('//127.0.0.1', '//localhost') : null;

type Answered = Record<string, Json>;
const answerOf = (credential: Credential | null): Answered | null =>
  credential && (credential as unknown as { toJSON(): Answered }).toJSON();

/** Whether somebody closed the browser's dialog, or let it wait too long. */
const isLeft = (error: unknown): boolean =>
  error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'AbortError');

const performed = async (work: () => Promise<Credential | null>): Promise<Answered | null> => {
  try {
    return answerOf(await work());
  } catch (error) {
    if (isLeft(error)) return null;
    throw error;
  }
};

/** The browser's answer to the options of the gateway; null when whoever was asked left it. */
export const createPasskey = (options: unknown): Promise<Answered | null> =>
  performed(() =>
    navigator.credentials.create({ publicKey: ceremonies()!.parseCreationOptionsFromJSON(options) }),
  );

export const provePasskey = (options: unknown): Promise<Answered | null> =>
  performed(() =>
    navigator.credentials.get({ publicKey: ceremonies()!.parseRequestOptionsFromJSON(options) }),
  );
