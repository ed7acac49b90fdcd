import { hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of the page as it goes out. */
export interface PageFile {
  body: Buffer;
  contentType: string;
  encoding: 'br' | 'gzip' | null;
  /** Its name carries a hash of its content. */
  isImmutable: boolean;
}

export interface Page {
  /** Whether a path is one of the page's views, all of which are its one document. */
  isView(path: string): boolean;
  /** Whether there is such a file: styles, scripts, icons. They hold nothing that is anybody's secret. */
  isFile(path: string): boolean;
  /** `path` is a file, or `/index.html`. */
  read(path: string, acceptEncoding: string): Promise<PageFile>;
  /** Allows the page's own files and the script inside its document, and nothing from elsewhere. */
  contentSecurityPolicy: string;
}

/** Where scripts/build-web.mjs puts the page. */
const pagesFolder = fileURLToPath(new URL('../../../../.cache/page', import.meta.url));

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
};
const views = /^\/(?:login|approvals|s\/[\w-]{1,128}|settings(?:\/[a-z]+)?)?$/;

const unbuilt =
  '<!doctype html><html lang="en"><title>Reeve</title><p>The page is not built yet. Start Reeve by <code>npm start</code>, or run <code>node scripts/build-web.mjs</code>; the command line works without it.</p></html>';

export const loadPage = (): Page => {
  const current = join(pagesFolder, 'current');
  const folder = existsSync(current) ? join(pagesFolder, readFileSync(current, 'utf8')) : null;
  const files = new Set<string>(
    folder === null ? [] : (JSON.parse(readFileSync(join(folder, 'files.json'), 'utf8')) as string[]),
  );
  const html = folder === null ? unbuilt : readFileSync(join(folder, 'index.html'), 'utf8');
  return {
    isView: (path) => views.test(path),
    isFile: (path) => path !== '/index.html' && Object.hasOwn(contentTypes, extname(path)) && files.has(path),
    async read(path, acceptEncoding) {
      const ending = [
        { ending: '.br', encoding: 'br' as const },
        { ending: '.gz', encoding: 'gzip' as const },
      ].find(({ ending, encoding }) => acceptEncoding.includes(encoding) && files.has(path + ending));
      return {
        body:
          folder === null ? Buffer.from(html) : await readFile(join(folder, path + (ending?.ending ?? ''))),
        contentType: contentTypes[extname(path)]!,
        encoding: ending?.encoding ?? null,
        isImmutable: path.startsWith('/assets/'),
      };
    },
    contentSecurityPolicy: [
      "default-src 'none'",
      `script-src ${["'self'", ...inlineScripts(html)].join(' ')}`,
      "style-src 'self'",
      "connect-src 'self'",
      "img-src 'self' data: blob:",
      "font-src 'self'",
      "manifest-src 'self'",
      "worker-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
  };
};

/** Only what stands in the document as it was built: any other script inside it is refused by the browser. */
const inlineScripts = (html: string): string[] =>
  [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
    ([, text]) => `'sha256-${hash('sha256', text!, 'base64')}'`,
  );
