export const TEXT_OPERATORS = ['eq', 'starts', 'contains'] as const;
export type TextOperator = (typeof TEXT_OPERATORS)[number];

export interface TextChoice {
  readonly operator: TextOperator;
  readonly value: string;
}

/** Characters from which on `contains` is served by an index; the API refuses fewer. */
export const CONTAINS_MIN_CHARACTERS = 3;

const isOperator = (text: string): text is TextOperator => TEXT_OPERATORS.some((one) => one === text);

/** Reads `eq:…`, `starts:…`, `contains:…`; without a prefix it is `eq`. Null when it would be refused. */
export function parseTextChoice(text: string): TextChoice | null {
  const colon = text.indexOf(':');
  const prefix = colon === -1 ? '' : text.slice(0, colon);
  const choice: TextChoice = isOperator(prefix)
    ? { operator: prefix, value: text.slice(colon + 1) }
    : { operator: 'eq', value: text };
  return isServed(choice) ? choice : null;
}

export const serializeTextChoice = ({ operator, value }: TextChoice): string => `${operator}:${value}`;

export const sameTextChoice = (a: TextChoice, b: TextChoice): boolean =>
  a.operator === b.operator && a.value === b.value;

/** Whether the API would take it. */
export const isServed = ({ operator, value }: TextChoice): boolean =>
  value !== '' && (operator !== 'contains' || Array.from(value).length >= CONTAINS_MIN_CHARACTERS);
