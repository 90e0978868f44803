/** Records of fields, or where the text stops being CSV. Lines are those of the text, counted from 1. */
export type CsvResult =
  | {
      readonly result: 'ok';
      readonly records: readonly (readonly string[])[];
      /** The line in which each record begins. */
      readonly lines: readonly number[];
    }
  | { readonly result: 'malformed'; readonly line: number; readonly message: string }
  | { readonly result: 'too-many-rows' };

interface State {
  readonly delimiter: Delimiter;
  readonly records: string[][];
  readonly lines: number[];
  /** Where the record under way began, and how far the text is read. */
  start: number;
  line: number;
  record: string[];
  field: string;
  quoted: boolean;
  /** A quoted field has ended; only a separator may follow. */
  closed: boolean;
}

const endField = (state: State): void => {
  state.record.push(state.field);
  state.field = '';
  state.closed = false;
};

const endRecord = (state: State): void => {
  endField(state);
  // An empty line holds one empty field and means nothing.
  if (state.record.length > 1 || state.record[0] !== '') {
    state.records.push(state.record);
    state.lines.push(state.start);
  }
  state.record = [];
  state.start = state.line;
};

/** What stands between the cells of a record: RFC 4180's comma, and what spreadsheets write where it is the decimal sign. */
const DELIMITERS = [',', ';', '\t'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** The one that the first line has most of; a comma where it has none. Names of columns hold none of them. */
export const delimiterOf = (text: string): Delimiter => {
  const [header = ''] = text.split(/\r?\n/, 1);
  const counts = DELIMITERS.map((one) => header.split(one).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
};

/** Characters that mean nothing but themselves, outside quotes and inside. */
const PLAIN: Readonly<Record<Delimiter, RegExp>> = {
  ',': /[^",\r\n]+/y,
  ';': /[^";\r\n]+/y,
  '\t': /[^"\t\r\n]+/y,
};
const PLAIN_QUOTED = /[^"\n]+/y;

/** Takes the run of plain characters at `i`; gives how many there were. */
const takePlain = (state: State, text: string, i: number): number => {
  if (state.closed) return 0;
  const plain = state.quoted ? PLAIN_QUOTED : PLAIN[state.delimiter];
  plain.lastIndex = i;
  const [run = ''] = plain.exec(text) ?? [];
  state.field += run;
  return run.length;
};

/** Takes the character at `i`; gives how many were used, or what is wrong. */
const take = (state: State, text: string, i: number): number | string => {
  const character = text.charAt(i);
  if (character === '\n') state.line += 1;
  if (state.quoted) {
    if (character !== '"') state.field += character;
    else if (text.charAt(i + 1) === '"') {
      state.field += '"';
      return 2;
    } else {
      state.quoted = false;
      state.closed = true;
    }
    return 1;
  }
  if (character === state.delimiter) endField(state);
  else if (character === '\n') endRecord(state);
  else if (character === '\r' && text.charAt(i + 1) === '\n') return 1;
  else if (state.closed) return 'text follows a closing quote';
  else if (character === '"') {
    if (state.field !== '') return 'a quote stands inside an unquoted field';
    state.quoted = true;
  } else state.field += character;
  return 1;
};

/** Records between two breaths: a few milliseconds. */
const RECORDS_PER_STEP = 500;

/** Parses CSV as RFC 4180 says, with LF or CRLF, stopping every few hundred records; `rowsMax` counts the header too. */
export function* csvSteps(
  text: string,
  rowsMax: number,
  delimiter: Delimiter = ',',
): Generator<undefined, CsvResult> {
  const state: State = {
    delimiter,
    records: [],
    lines: [],
    start: 1,
    line: 1,
    record: [],
    field: '',
    quoted: false,
    closed: false,
  };
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  let i = 0;
  let breathAt = RECORDS_PER_STEP;
  while (i < body.length) {
    if (state.records.length >= breathAt) {
      breathAt += RECORDS_PER_STEP;
      yield;
    }
    i += takePlain(state, body, i);
    if (i >= body.length) break;
    const used = take(state, body, i);
    if (typeof used === 'string') return { result: 'malformed', line: state.line, message: used };
    if (state.records.length > rowsMax) return { result: 'too-many-rows' };
    i += used;
  }
  if (state.quoted) return { result: 'malformed', line: state.start, message: 'a quote is not closed' };
  if (state.field !== '' || state.record.length > 0) endRecord(state);
  if (state.records.length > rowsMax) return { result: 'too-many-rows' };
  return { result: 'ok', records: state.records, lines: state.lines };
}

/** The same in one go, for who has nothing else to do. */
export const parseCsv = (text: string, rowsMax: number): CsvResult => {
  const steps = csvSteps(text, rowsMax);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
};
