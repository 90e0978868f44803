/** Drawn here: an icon of the library would bring its script to pages that have hardly any. */
export const ProblemIcon = () => (
  <svg
    aria-hidden
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    strokeWidth={2}
    strokeLinecap="round"
    className="mt-0.5 size-4 shrink-0 text-refused"
  >
    <circle cx={12} cy={12} r={10} />
    <path d="M12 8v4M12 16h.01" />
  </svg>
);
