import forge from 'node-forge';

const { asn1 } = forge;
export type Asn1 = forge.asn1.Asn1;

/** Bit strings stay as they are, whatever they may hold. */
const OPTIONS: unknown = { strict: true, parseAllBytes: true, decodeBitStrings: false };

/** Reads DER. Forge's types know its second argument as a flag only; it takes options since 0.8. */
export const parseDer = (der: Buffer): Asn1 => asn1.fromDer(der.toString('latin1'), OPTIONS as boolean);

export const writeDer = (node: Asn1): Buffer => Buffer.from(asn1.toDer(node).getBytes(), 'latin1');

/** What a structure consists of; nothing where it is none. */
export const partsOf = (node: Asn1 | undefined): Asn1[] =>
  node === undefined || typeof node.value === 'string' ? [] : node.value;
