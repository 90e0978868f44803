'use client';

import { BlockDialog } from './block-dialog';
import { choicesOfRefused } from './kinds';

interface BlockRefusedProps {
  /** What is known of the client, by the kinds of blocks. */
  readonly known: Readonly<Record<string, unknown>>;
  readonly reason: string;
  readonly onClose: () => void;
}

/** Asks how to block one who was refused. What it makes of the client comes with the dialog, not with the page. */
export const BlockRefused = ({ known, reason, onClose }: BlockRefusedProps) => (
  <BlockDialog choices={choicesOfRefused(known, reason)} onClose={onClose} />
);
