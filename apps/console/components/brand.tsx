/** The arch of a gatehouse. */
const Mark = ({ className }: { readonly className?: string }) => (
  <svg aria-hidden viewBox="0 0 20 20" className={className ?? 'size-6'}>
    <rect width="20" height="20" rx="5" className="fill-accent" />
    <path d="M4.5 16V9.5a5.5 5.5 0 0 1 11 0V16h-3V9.7a2.5 2.5 0 0 0-5 0V16z" className="fill-accent-fg" />
  </svg>
);

export const Wordmark = () => (
  <span className="flex items-center gap-2 text-lg font-semibold tracking-tight">
    <Mark />
    <span translate="no">Gatehouse</span>
  </span>
);
