import { DrawnIcon } from '@/components/ui/drawn-icon';

/**
 * The icons of a row's buttons, each of one path: Lucide's (ISC) draw them with three to five, and a screen has dozens of rows,
 * whose every element costs each layout of the page.
 */
const rowIcon = (path: string) =>
  function RowIcon() {
    return <DrawnIcon path={path} />;
  };

export const AskIcon = rowIcon(
  'M2.992 16.342a2 2 0 0 1 .094 1.167l-1.065 3.29a1 1 0 0 0 1.236 1.168l3.413-.998a2 2 0 0 1 1.099.092 10 10 0 1 0-4.777-4.719M9 9.5a3 2.5 0 0 1 6 0c0 2-2 2-3 3.5M12 17h.01',
);
export const DeleteIcon = rowIcon(
  'M10 11v6M14 11v6M19 6v14a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V6M3 6h18M8 6V4a2 2 0 0 1 2-2h4a2 2 0 0 1 2 2v2',
);
export const MoreIcon = rowIcon(
  'M4 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0M11 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0M18 12a1 1 0 1 0 2 0 1 1 0 1 0-2 0',
);
