const REDACTED = '[secret]';

/**
 * A value that must not be printed: every implicit conversion (template, JSON, `util.inspect`) gives `[secret]`.
 * Read it with `reveal()`, next to the one place that needs the plain value.
 */
export class Secret<T extends string | Uint8Array> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** The plain value; never pass it to a logger, an error or a response. */
  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return REDACTED;
  }
}
