/**
 * Reading what a directory answers: LDAP messages in BER (RFC 4511 §4.1.1, §5.1). Every length is held against the
 * bytes that are there, so that no answer can make us read on, wait or loop for ever.
 */

/** A message of the kinds that are asked for; anything else is `other`. */
export type LdapMessage =
  | { readonly kind: 'entry'; readonly id: number; readonly dn: string; readonly attributes: Attributes }
  | { readonly kind: 'reference'; readonly id: number }
  /** The end of what was asked: of a search, a bind or an extended operation. */
  | { readonly kind: 'result'; readonly id: number; readonly operation: Operation; readonly code: number }
  | { readonly kind: 'other'; readonly id: number };

type Operation = 'bind' | 'search' | 'extended';
/** Values by attribute name in lower case. */
type Attributes = ReadonlyMap<string, readonly string[]>;

const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const ENUMERATED = 0x0a;
const OCTETS = 0x04;
const ENTRY = 0x64;
const REFERENCE = 0x73;
const RESULTS: Readonly<Record<number, Operation>> = { 0x61: 'bind', 0x65: 'search', 0x78: 'extended' };

/** One element: its tag, and where its contents are. */
interface Element {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

const LENGTH_BYTES_MAX = 4;

/** The element that begins at `at`; undefined when it does not end before `end`, or is not written as RFC 4511 §5.1 says. */
function elementAt(bytes: Buffer, at: number, end: number): Element | undefined {
  const head = headAt(bytes, at, end);
  if (typeof head !== 'object') return undefined;
  return head.end <= end ? head : undefined;
}

/** `more` when the head itself is not there yet. */
function headAt(bytes: Buffer, at: number, end: number): Element | 'more' | 'malformed' {
  if (at + 2 > end) return 'more';
  const tag = bytes.readUInt8(at);
  const first = bytes.readUInt8(at + 1);
  if (first < 0x80) return { tag, start: at + 2, end: at + 2 + first };
  const count = first & 0x7f;
  // RFC 4511 §5.1: only the definite form of length encoding is used.
  if (count === 0 || count > LENGTH_BYTES_MAX) return 'malformed';
  const start = at + 2 + count;
  if (start > end) return 'more';
  return { tag, start, end: start + bytes.readUIntBE(at + 2, count) };
}

/** How many bytes the message at the beginning has; undefined when that cannot be said yet. */
export function messageBytes(bytes: Buffer): number | 'malformed' | undefined {
  const head = headAt(bytes, 0, bytes.length);
  if (head === 'more') return undefined;
  return head === 'malformed' || head.tag !== SEQUENCE ? 'malformed' : head.end;
}

/** The elements from `start` to `end`; undefined when one does not fit. */
function elementsOf(bytes: Buffer, start: number, end: number): readonly Element[] | undefined {
  const elements: Element[] = [];
  for (let at = start; at < end;) {
    const element = elementAt(bytes, at, end);
    if (element === undefined) return undefined;
    elements.push(element);
    // An element has a head of two bytes at least: this ends.
    at = element.end;
  }
  return elements;
}

/** Reads one whole message; undefined when it is none. */
export function readMessage(bytes: Buffer): LdapMessage | undefined {
  const envelope = elementAt(bytes, 0, bytes.length);
  if (envelope === undefined) return undefined;
  const [idElement, operation] = elementsOf(bytes, envelope.start, envelope.end) ?? [];
  const id = idElement && integerOf(bytes, idElement, INTEGER);
  if (id === undefined || operation === undefined) return undefined;
  if (operation.tag === ENTRY) return entryOf(bytes, operation, id);
  if (operation.tag === REFERENCE) return { kind: 'reference', id };
  const known = RESULTS[operation.tag];
  if (known === undefined) return { kind: 'other', id };
  const [codeElement] = elementsOf(bytes, operation.start, operation.end) ?? [];
  const code = codeElement && integerOf(bytes, codeElement, ENUMERATED);
  return code === undefined ? undefined : { kind: 'result', id, operation: known, code };
}

const INTEGER_BYTES_MAX = 4;

function integerOf(bytes: Buffer, { tag, start, end }: Element, wanted: number): number | undefined {
  const length = end - start;
  return tag === wanted && length >= 1 && length <= INTEGER_BYTES_MAX
    ? bytes.readIntBE(start, length)
    : undefined;
}

function entryOf(bytes: Buffer, operation: Element, id: number): LdapMessage | undefined {
  const [name, list] = elementsOf(bytes, operation.start, operation.end) ?? [];
  if (name?.tag !== OCTETS || list?.tag !== SEQUENCE) return undefined;
  const attributes = new Map<string, readonly string[]>();
  const parts = elementsOf(bytes, list.start, list.end);
  if (parts === undefined) return undefined;
  for (const part of parts) {
    const attribute = attributeOf(bytes, part);
    if (attribute === undefined) return undefined;
    attributes.set(attribute.name.toLowerCase(), attribute.values);
  }
  return { kind: 'entry', id, dn: textOf(bytes, name), attributes };
}

function attributeOf(
  bytes: Buffer,
  part: Element,
): { readonly name: string; readonly values: readonly string[] } | undefined {
  if (part.tag !== SEQUENCE) return undefined;
  const [name, set] = elementsOf(bytes, part.start, part.end) ?? [];
  if (name?.tag !== OCTETS || set?.tag !== SET) return undefined;
  const values = elementsOf(bytes, set.start, set.end);
  return values?.every(({ tag }) => tag === OCTETS) === true
    ? { name: textOf(bytes, name), values: values.map((value) => textOf(bytes, value)) }
    : undefined;
}

/** Invalid UTF-8 becomes U+FFFD, which is part of no scheme, topic or truth value that is looked for. */
const textOf = (bytes: Buffer, { start, end }: Element): string => bytes.toString('utf8', start, end);
