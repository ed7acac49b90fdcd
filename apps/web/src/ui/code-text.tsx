/** Text as it is, in a box that scrolls when it is long. */
export const CodeText = ({
  label,
  text,
  className = 'max-h-80',
}: {
  label: string;
  text: string;
  className?: string;
}) => (
  <section
    aria-label={label}
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    tabIndex={0}
    className={`overflow-auto rounded-lg border border-line bg-back px-3 py-2 ${className}`}
  >
    <pre className="font-mono text-xs leading-relaxed whitespace-pre-wrap [overflow-wrap:anywhere]">
      {text}
    </pre>
  </section>
);
