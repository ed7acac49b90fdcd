import type { Log } from '@reeve/core';
import type { FaultError } from '@reeve/protocol';

export interface MailSettings {
  host: string;
  port: number;
  /** TLS from the first byte; otherwise STARTTLS when the server has it. */
  secure: boolean;
  user: string;
  /** Or `secret:NAME`. */
  password: string;
  from: string;
}

export interface Mail {
  isSetUp(): boolean;
  /** Never rejects: what could not be sent is in the log, without its text. */
  send(mail: { to: string; subject: string; text: string }): Promise<boolean>;
}

export const createMail = (deps: {
  settings: () => MailSettings | null;
  readSecret: (setting: string, purpose: string) => Promise<string>;
  log: Log;
}): Mail => ({
  isSetUp: () => deps.settings() !== null,
  async send(mail) {
    const to = deps.settings();
    if (!to) return false;
    try {
      const pass = to.user === '' ? '' : await deps.readSecret(to.password, 'mail');
      const { createTransport } = await import('nodemailer');
      const transport = createTransport({
        host: to.host,
        port: to.port,
        secure: to.secure,
        // A password goes over the network in the clear only to this machine.
        requireTLS: to.user !== '' && !isLoopback(to.host),
        connectionTimeout: 10_000,
        socketTimeout: 20_000,
        ...(to.user !== '' && { auth: { user: to.user, pass } }),
      });
      try {
        await transport.sendMail({ from: to.from, ...mail });
      } finally {
        transport.close();
      }
      return true;
    } catch (error) {
      const { code, responseCode, fault } = error as Partial<FaultError> & {
        code?: string;
        responseCode?: number;
      };
      deps.log.warn({ code: code ?? fault?.code, responseCode, host: to.host }, 'a mail could not be sent');
      return false;
    }
  },
});

const isLoopback = (host: string) => host === 'localhost' || host === '::1' || host.startsWith('127.');
