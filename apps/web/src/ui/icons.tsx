import type { SVGProps } from 'react';

/** Outlines on a 24-unit square, drawn for Reeve. */
const paths = {
  plus: 'M12 5v14M5 12h14',
  menu: 'M4 7h16M4 12h16M4 17h10',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM20 20l-4-4',
  send: 'M12 19V5M6 11l6-6 6 6',
  stop: 'M8 8h8v8H8z',
  more: 'M6 12h.01M12 12h.01M18 12h.01',
  close: 'M6 6l12 12M18 6 6 18',
  check: 'M5 12.5 10 17l9-10',
  copy: 'M9 9h10v11H9zM5 15V4h10',
  pencil: 'M4 20l1-4L16 5l3 3L8 19zM14 7l3 3',
  trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v5M14 11v5',
  again: 'M19 12a7 7 0 1 1-2-5l2 2M19 4v5h-5',
  branch: 'M7 4v16M7 14c6 0 10-1 10-7M17 7V4M14.500 7 17 4l2.500 3',
  download: 'M12 4v11M7 11l5 5 5-5M5 20h14',
  settings:
    'M4 7h9M17 7h3M4 17h3M11 17h9M15 9.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5ZM9 19.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5Z',
  down: 'M6 9l6 6 6-6',
  right: 'M9 6l6 6-6 6',
  clip: 'M19 11l-7.500 7.500a4.500 4.500 0 0 1-6.400-6.400L13 4.300a3 3 0 0 1 4.300 4.300L9.500 16.500a1.500 1.500 0 0 1-2.200-2.100L14 7.600',
  spark: 'M12 4v4M12 16v4M4 12h4M16 12h4M7 7l2 2M15 15l2 2M17 7l-2 2M9 15l-2 2',
  tool: 'M14 6a4 4 0 0 0-5 5l-5 5 3 3 5-5a4 4 0 0 0 5-5l-2.500 2.500L12 9l.500-.500z',
  bell: 'M6 17V11a6 6 0 0 1 12 0v6l1 1H5zM10 20h4',
  alert: 'M12 4 3 19h18zM12 10v4M12 16.500h.01',
  offline: 'M4 4l16 16M5 10a10 10 0 0 1 4-2.500M19 10a10 10 0 0 0-6-3M8 14a5 5 0 0 1 3-1.700M12 18h.01',
  keyboard: 'M3 7h18v11H3zM7 11h.01M11 11h.01M15 11h.01M8 15h8',
  file: 'M7 3h7l4 4v14H7zM14 3v4h4',
} as const;
export type IconName = keyof typeof paths;

export const Icon = ({
  name,
  size = 18,
  ...rest
}: { name: IconName; size?: number } & SVGProps<SVGSVGElement>) => (
  <svg
    width={size}
    height={size}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    strokeWidth={name === 'more' ? 3 : 1.75}
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
    focusable="false"
    {...rest}
  >
    <path d={paths[name]} />
  </svg>
);

/** Says "writing" to the eye, as people know it from elsewhere. */
export const Writing = () => (
  <span aria-hidden="true" className="writing">
    <span />
    <span />
    <span />
  </span>
);

/** Says "at work" to the eye; whoever shows it says it in words too. */
export const Spinner = ({ size = 14 }: { size?: number }) => (
  <span aria-hidden="true" className="spinner" style={{ width: size, height: size }} />
);
