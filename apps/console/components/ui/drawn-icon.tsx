interface DrawnIconProps {
  /** On a grid of 24 by 24, as one path. */
  readonly path: string;
  readonly className?: string;
}

/** An icon drawn here, of one path: where the library's would bring its script, or draws with more elements than a row should have. */
export const DrawnIcon = ({ path, className }: DrawnIconProps) => (
  <svg
    aria-hidden
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    strokeWidth={2}
    strokeLinecap="round"
    strokeLinejoin="round"
    className={className}
  >
    <path d={path} />
  </svg>
);
