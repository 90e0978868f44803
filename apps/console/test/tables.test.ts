import { expect, test } from 'vitest';
import { actionsTd, th } from '../components/ui/table.tsx';
import { COLUMNS, COLUMN_IDS } from '../lib/unauthorized/columns.ts';

/** Of 1440 px: navigation, margins of the page, panel of filters with its gap, frame, and both scroll bars. */
const ROOM_PX = 1_440 - 224 - 48 - 200 - 2 - 30;
const SELECT_AND_BUTTONS_PX = 128;

test('a header leaves the alignment to its column: classes of one property do not override one another in order', () => {
  expect(th).not.toMatch(/text-(start|end|left|right|center)/);
});

test('the buttons of a row stay in sight however wide the table is', () => {
  expect(actionsTd).toMatch(/sticky end-0/);
});

test('the table of refused clients shows its columns up to Attempts beside the buttons at 1440 px', () => {
  const shown = COLUMN_IDS.slice(0, COLUMN_IDS.indexOf('attempts') + 1);
  const columnsPx = shown.reduce((sum, id) => sum + COLUMNS[id].widthPx, 0);
  expect(columnsPx + SELECT_AND_BUTTONS_PX).toBeLessThanOrEqual(ROOM_PX);
});
