type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** The object without keys that are undefined: what zod calls optional, our own types mean as absent. */
export const defined = <T extends object>(value: T): Defined<T> =>
  // Dropping the undefined values is exactly what the type says.
  Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Defined<T>;
