import { spawn } from 'node:child_process';

/** Opens an address in the user's browser. That there is none is no failure: the address is on the screen too. */
export const openBrowser = (url: string): void => {
  const [command, args] =
    process.platform === 'darwin'
      ? (['open', [url]] as const)
      : process.platform === 'win32'
        ? (['rundll32', ['url.dll,FileProtocolHandler', url]] as const)
        : (['xdg-open', [url]] as const);
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
};
