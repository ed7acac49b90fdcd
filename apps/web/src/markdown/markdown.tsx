import type { Token, Tokens } from 'marked';
import { Fragment, lazy, memo, type ReactNode, Suspense, useMemo } from 'react';
import { CodeBlock } from './code-block.tsx';
import { decodeEntities, lex, safeUrl } from './lexer.ts';

/** Without its renderer a formula is shown as it was written. */
const PlainFormula = ({ text }: { text: string; isBlock: boolean }) => <code>{text}</code>;
const Formula = lazy(() => import('./formula.tsx').catch(() => ({ default: PlainFormula })));

/**
 * Markdown as elements. Nothing in a text becomes HTML: markup is shown as the text it is, pictures from elsewhere
 * are links, and links lead only where a link may lead.
 */
export default function Markdown({ text, isLive }: { text: string; isLive: boolean }) {
  const tokens = useMemo(() => lex(text), [text]);
  return (
    <div className={`prose ${isLive ? 'caret-host' : ''}`}>
      {tokens.map((token, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a text only grows at its end; its blocks stay where they are.
        <Block key={at} raw={token.raw} token={token} />
      ))}
    </div>
  );
}

/** While an answer grows only its last block changes. */
const Block = memo(
  ({ token }: { raw: string; token: Token }) => <>{renderBlock(token)}</>,
  (before, after) => before.raw === after.raw,
);

const keyed = (nodes: readonly ReactNode[]): ReactNode =>
  // biome-ignore lint/suspicious/noArrayIndexKey: see above.
  nodes.map((node, at) => <Fragment key={at}>{node}</Fragment>);

const renderBlock = (token: Token): ReactNode => {
  switch (token.type) {
    case 'heading': {
      const { depth, tokens } = token as Tokens.Heading;
      // The page's own headings end at the second level.
      const Tag = `h${Math.min(6, depth + 2)}` as 'h3';
      return <Tag data-depth={depth}>{renderInline(tokens)}</Tag>;
    }
    case 'paragraph':
      return <p>{renderInline((token as Tokens.Paragraph).tokens)}</p>;
    case 'code': {
      const { text, lang = '' } = token as Tokens.Code;
      return <CodeBlock code={text} language={lang.split(/\s/)[0]!.toLowerCase()} />;
    }
    case 'blockquote':
      return <blockquote>{keyed((token as Tokens.Blockquote).tokens.map(renderBlock))}</blockquote>;
    case 'list':
      return renderList(token as Tokens.List);
    case 'table':
      return renderTable(token as Tokens.Table);
    case 'hr':
      return <hr />;
    case 'mathBlock':
      return <MathText text={(token as Tokens.Generic)['text'] as string} isBlock />;
    case 'html':
      return <p>{(token as Tokens.HTML).raw.trim()}</p>;
    case 'text': {
      const { tokens, text } = token as Tokens.Text;
      return tokens ? renderInline(tokens) : decodeEntities(text);
    }
    case 'space':
    case 'def':
      return null;
    default:
      return token.raw;
  }
};

const renderList = ({ ordered, start, items }: Tokens.List): ReactNode => {
  const entries = items.map((item) =>
    item.task ? (
      <>
        <input
          type="checkbox"
          checked={item.checked ?? false}
          disabled
          readOnly
          aria-label={item.text}
          className="mr-2"
        />
        {keyed(item.tokens.filter(({ type }) => type !== 'checkbox').map(renderBlock))}
      </>
    ) : (
      keyed(item.tokens.map(renderBlock))
    ),
  );
  // biome-ignore lint/suspicious/noArrayIndexKey: see above.
  const rows = entries.map((entry, at) => <li key={at}>{entry}</li>);
  return ordered ? <ol start={start === '' ? 1 : start}>{rows}</ol> : <ul>{rows}</ul>;
};

const renderTable = ({ header, rows }: Tokens.Table): ReactNode => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls, by keyboard too.
  <section className="overflow-x-auto" tabIndex={0} aria-label={header.map((cell) => cell.text).join(', ')}>
    <table>
      <thead>
        <tr>
          {header.map((cell, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: see above.
            <th key={at} scope="col">
              {renderInline(cell.tokens)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: see above.
          <tr key={at}>
            {row.map((cell, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: see above.
              <td key={column}>{renderInline(cell.tokens)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);

const renderInline = (tokens: readonly Token[]): ReactNode => keyed(tokens.map(renderSpan));

const renderSpan = (token: Token): ReactNode => {
  switch (token.type) {
    case 'strong':
      return <strong>{renderInline((token as Tokens.Strong).tokens)}</strong>;
    case 'em':
      return <em>{renderInline((token as Tokens.Em).tokens)}</em>;
    case 'del':
      return <del>{renderInline((token as Tokens.Del).tokens)}</del>;
    case 'codespan':
      return <code>{decodeEntities((token as Tokens.Codespan).text)}</code>;
    case 'br':
      return <br />;
    case 'link': {
      const { href, tokens } = token as Tokens.Link;
      return <Address href={href}>{renderInline(tokens)}</Address>;
    }
    case 'image': {
      // Fetching it would tell its server that this was read.
      const { href, text } = token as Tokens.Image;
      return <Address href={href}>{text || href}</Address>;
    }
    case 'math':
      return <MathText text={(token as Tokens.Generic)['text'] as string} isBlock={false} />;
    case 'text': {
      const { tokens, text } = token as Tokens.Text;
      return tokens ? renderInline(tokens) : decodeEntities(text);
    }
    case 'escape':
      return decodeEntities((token as Tokens.Escape).text);
    default:
      return token.raw;
  }
};

const Address = ({ href, children }: { href: string; children: ReactNode }) => {
  const url = safeUrl(decodeEntities(href));
  return url === null ? (
    <span title={href}>{children}</span>
  ) : (
    <a href={url} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
};

const MathText = ({ text, isBlock }: { text: string; isBlock: boolean }) => (
  <Suspense fallback={<code>{text}</code>}>
    <Formula text={text} isBlock={isBlock} />
  </Suspense>
);
