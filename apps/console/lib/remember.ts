const YEAR_S = 365 * 86_400;

/** A choice that the server has to know before it writes the first byte: a cookie, for a year. */
export const remember = (name: string, value: string): void => {
  document.cookie = `${name}=${value}; Path=/; Max-Age=${String(YEAR_S)}; SameSite=Lax`;
};
