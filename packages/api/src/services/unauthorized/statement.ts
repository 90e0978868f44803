import type { statement } from '@gatehouse/contract';
import type { z } from 'zod';

export type Statement = z.output<typeof statement>;
type Values = Statement['values'];

/** Something that was seen. */
export const fact = (key: string, values: Values, text: string): Statement => ({
  standing: 'fact',
  key,
  values,
  text,
});

/** Something concluded; its text says "probably". */
export const inference = (key: string, values: Values, text: string): Statement => ({
  standing: 'inference',
  key,
  values,
  text,
});

/** Strangers' text in an English sentence. */
export const quoted = (text: string): string => `“${text}”`;
