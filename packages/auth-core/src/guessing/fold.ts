/** A name as directories compare it (RFC 4518): writing it in another way is no further guess. */
export const foldedName = (name: string): string =>
  name.normalize('NFKC').toLowerCase().replaceAll(/\s+/gu, ' ').trim();
