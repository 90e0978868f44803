import { DrawnIcon } from '@/components/ui/drawn-icon';

/** Drawn here: an icon of the library would bring its script to pages that have hardly any. */
export const ProblemIcon = () => (
  <DrawnIcon
    path="M12 8v4M12 16h.01M2 12a10 10 0 1 0 20 0 10 10 0 1 0-20 0"
    className="mt-0.5 size-4 shrink-0 text-refused"
  />
);
