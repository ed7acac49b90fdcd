import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export interface Page {
  html: string;
  /** Allows exactly the script and style inside the page, and nothing from elsewhere. */
  contentSecurityPolicy: string;
}

const inline = (html: string, tag: string): string[] =>
  [...html.matchAll(new RegExp(`<${tag}[^>]*>([\\s\\S]*?)</${tag}>`, 'g'))].map((match) => match[1]!);
const sources = (texts: string[]) =>
  texts.map((text) => `'sha256-${hash('sha256', text, 'base64')}'`).join(' ');

export const loadPage = (): Page => {
  const html = readFileSync(new URL('./index.html', import.meta.url), 'utf8');
  return {
    html,
    contentSecurityPolicy: [
      "default-src 'none'",
      `script-src ${sources(inline(html, 'script'))}`,
      `style-src ${sources(inline(html, 'style'))}`,
      "connect-src 'self'",
      "img-src 'self' data:",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
  };
};
