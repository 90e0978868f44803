export const ON_EXISTING = ['fail', 'skip', 'update'] as const;
export type OnExisting = (typeof ON_EXISTING)[number];

/** The API's bounds of one import, spelled out as the console takes no values from the contract. */
export const IMPORT_BYTES_MAX = 33_554_432;
export const IMPORT_ROWS_MAX = 100_000;

/** What is to be imported: a file by its name, or text that was typed or pasted (null). */
export interface ImportSource {
  readonly name: string | null;
  readonly text: string;
  readonly bytes: number;
}

export const NO_SOURCE: ImportSource = { name: null, text: '', bytes: 0 };

export const pasted = (text: string): ImportSource => ({ name: null, text, bytes: new Blob([text]).size });

export type SourceFault = 'empty' | 'too-large' | 'not-utf8' | 'unreadable';

/** A file as text, or why it cannot be imported. What is too large is not read. */
export async function readImport(file: Blob): Promise<{ readonly text: string } | SourceFault> {
  if (file.size > IMPORT_BYTES_MAX) return 'too-large';
  const bytes = await file.arrayBuffer().catch(() => null);
  if (bytes === null) return 'unreadable';
  const text = utf8Of(bytes);
  if (text === null) return 'not-utf8';
  return text.trim() === '' ? 'empty' : { text };
}

const utf8Of = (bytes: ArrayBuffer): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
};

/** Whether there is something, and no more than the API takes. */
export const isSendable = ({ text, bytes }: ImportSource): boolean =>
  bytes <= IMPORT_BYTES_MAX && text.trim() !== '';

/** No column of a CSV begins with a bracket, so the first character tells which of the two it is. */
export const mediaTypeOf = (text: string): 'application/json' | 'text/csv' =>
  /^[\uFEFF\s]*[[{]/.test(text) ? 'application/json' : 'text/csv';

export const CSV_EXAMPLE = `username,client_id,password,tags,publish,subscribe
meter-1,,correct-horse-1,meters|north,meters/1/#,commands/1
meter-2,,correct-horse-2,meters|south,meters/2/#,commands/2
`;

export const JSON_EXAMPLE = `[
  {
    "username": "meter-3",
    "password": "correct-horse-3",
    "tags": ["meters"],
    "publish": ["meters/3/#"],
    "subscribe": ["commands/3"]
  },
  { "type": "x509", "name": "Valves", "cn_pattern": "valve-[0-9]+" }
]
`;
