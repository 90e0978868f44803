/** What is wrong with one field. */
export interface FieldError {
  /** Dotted path of the field, e.g. `rules.0.topic`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

/** What a schema says at a path; a misspelt key is reported at its own path rather than at its parent's. */
export const fieldErrorsAt = (
  path: readonly string[],
  message: string | undefined,
  unknownKeys: unknown,
): readonly FieldError[] =>
  Array.isArray(unknownKeys)
    ? unknownKeys.map((key) => ({ path: [...path, String(key)].join('.'), message: 'is not known here' }))
    : [{ path: path.join('.'), message: message ?? 'is not valid' }];
