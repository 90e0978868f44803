/** How every text field, list and date field looks. */
export const controlClass =
  'h-8 w-full min-w-0 rounded-md border border-line-strong bg-surface px-2.5 text-base text-fg placeholder:text-faint hover:border-control disabled:opacity-60 aria-invalid:border-refused';
