const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff9-\ufffb]/g;

/** Text to read and to take along: characters that would not be seen, but line ends and tabs, are escaped as in JSON. */
export const escapeUnseen = (text: string): string =>
  text.replace(UNSEEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** JSON to read and to take along: characters that would not be seen are escaped, which means the same. */
export const visibleJson = (value: unknown): string => escapeUnseen(JSON.stringify(value, null, 2));
