/** Digits of the largest number that is put in order. */
const DIGITS = 16;
/** Between the parts of a key: no MQTT text contains it ([MQTT-1.5.4-2]). */
const END = '\0';

const partOf = (value: string | number): string =>
  typeof value === 'number' ? String(value).padStart(DIGITS, '0') : value;

/** The text that an entry is put in order by: what comes first, then what decides between those that are alike. */
export const keyOf = (...parts: readonly (string | number)[]): string => parts.map(partOf).join(END);
