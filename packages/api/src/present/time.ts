/** Milliseconds since the epoch as the API writes times. */
export const iso = (ms: number): string => new Date(ms).toISOString();

export const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

/** The same of a request's optional time: absent and null are both "never". */
export const msOrNull = (text: string | null | undefined): number | null =>
  text === null || text === undefined ? null : msOf(text);

/** A parsed `isoTime` in milliseconds since the epoch. */
export const msOf = (text: string): number => Date.parse(text);
