/** Milliseconds since the epoch as the API writes times. */
export const iso = (ms: number): string => new Date(ms).toISOString();

export const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

/** A parsed `isoTime` in milliseconds since the epoch. */
export const msOf = (text: string): number => Date.parse(text);
