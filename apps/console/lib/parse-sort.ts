import { createParser } from 'nuqs/server';

/** `field` or `-field`, of a list's fields; anything else falls back to the default. */
export const parseAsSortOf = (fields: readonly string[]) =>
  createParser({
    parse: (text) => (fields.some((field) => text === field || text === `-${field}`) ? text : null),
    serialize: (sort: string) => sort,
  });
