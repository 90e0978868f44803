/** Values that a text can hold. */
type TextValue = string | number | boolean | Date | null | undefined;
export type TextValues = Readonly<Record<string, TextValue>>;

interface Choice {
  readonly kind: 'plural' | 'select';
  readonly name: string;
  readonly options: Readonly<Record<string, readonly Part[]>>;
}
type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: 'number'; readonly name: string }
  /** `#`: the number that the plural around it is about. */
  | { readonly kind: 'count' }
  | Choice;

/** Reads the part of ICU MessageFormat that the messages use; `at` moves along. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Parts up to the end, or to the brace that closes an option. */
  parts(inPlural: boolean): readonly Part[] {
    const found: Part[] = [];
    for (;;) {
      const text = this.#take(inPlural ? /[^{}#]*/y : /[^{}]*/y);
      if (text !== '') found.push({ kind: 'text', text });
      const next = this.#text[this.#at];
      if (next === undefined || next === '}') return found;
      this.#at += 1;
      found.push(next === '#' ? { kind: 'count' } : this.#argument(inPlural));
    }
  }

  /** What follows `{`: a name, or a name with how to write it. */
  #argument(inPlural: boolean): Part {
    const [name = '', kind] = this.#take(/[^,{}]*(?:,[^,{}]*)?/y)
      .split(',')
      .map((word) => word.trim());
    if (kind === 'plural' || kind === 'select') {
      const options = this.#options(inPlural || kind === 'plural');
      return { kind, name, options };
    }
    this.#at += 1;
    return { kind: kind === 'number' ? kind : 'value', name };
  }

  /** `, one {…} other {…}}`, its closing brace included. */
  #options(inPlural: boolean): Choice['options'] {
    const options: Record<string, readonly Part[]> = {};
    for (;;) {
      const key = this.#take(/[^{}]*/y)
        .replace(',', '')
        .trim();
      const next = this.#text[this.#at];
      this.#at += 1;
      if (next !== '{') return options;
      options[key] = this.parts(inPlural);
      this.#at += 1;
    }
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const text = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += text.length;
    return text;
  }
}

interface Writer {
  readonly number: (value: number) => string;
  readonly category: (value: number) => string;
}

function chosen(part: Choice, value: TextValue, writer: Writer): readonly Part[] {
  const { options } = part;
  const exact = part.kind === 'plural' ? options[`=${String(value)}`] : options[String(value)];
  const byCategory = part.kind === 'plural' ? options[writer.category(Number(value))] : undefined;
  return exact ?? byCategory ?? options['other'] ?? [];
}

function write(parts: readonly Part[], values: TextValues, writer: Writer, count: TextValue): string {
  return parts
    .map((part) => {
      if (part.kind === 'text') return part.text;
      if (part.kind === 'count') return writer.number(Number(count));
      const value = values[part.name];
      if (part.kind === 'value') return value === undefined ? `{${part.name}}` : String(value);
      if (part.kind === 'number') return writer.number(Number(value));
      return write(chosen(part, value, writer), values, writer, part.kind === 'plural' ? value : count);
    })
    .join('');
}

/**
 * Writes messages of one language: `{name}`, `{name, number}`, `{name, plural, =0 {…} one {…} other {# …}}` and
 * `{name, select, …}`, nested as needed. A value that is not given shows its own name in braces. Each message is
 * read once; there are as many as the message files hold.
 */
export function messageWriter(locale: string): (message: string, values: TextValues) => string {
  const numbers = new Intl.NumberFormat(locale);
  const plurals = new Intl.PluralRules(locale);
  const writer: Writer = {
    number: (value) => numbers.format(value),
    category: (value) => plurals.select(value),
  };
  const known = new Map<string, readonly Part[]>();
  return (message, values) => {
    const parts = known.get(message) ?? new Reader(message).parts(false);
    known.set(message, parts);
    return write(parts, values, writer, undefined);
  };
}
