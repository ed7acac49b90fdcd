import type { AnchorHTMLAttributes } from 'react';
import { navigate } from './router.ts';

/** A link within the page: opens without loading, and in a new tab when asked for one. */
export const Link = ({
  href,
  onClick,
  ...rest
}: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) => (
  <a
    href={href}
    onClick={(event) => {
      onClick?.(event);
      if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey)
        return;
      event.preventDefault();
      navigate(href);
    }}
    {...rest}
  />
);
