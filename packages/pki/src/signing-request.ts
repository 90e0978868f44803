import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import forge from 'node-forge';
import { type Asn1, parseDer, partsOf, writeDer } from './der.ts';

const { asn1 } = forge;

/** A request for a certificate (PKCS#10, RFC 2986) whose signature holds: whoever made it has the key. */
export interface SigningRequest {
  /** SPKI, PEM. */
  readonly publicKey: string;
  /** The common name that it asks for; undefined: none, or several. */
  readonly commonName: string | undefined;
  /** Host names, addresses, URIs and e-mail addresses that it asks for. */
  readonly names: readonly string[];
}

/** What is wrong with a request, in words. */
export class InvalidRequestError extends Error {}

const BLOCK =
  /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([A-Za-z0-9+/=\s]+)-----END (?:NEW )?CERTIFICATE REQUEST-----/;
/** Bytes of a request: a key of 16 384 bits, and names. */
const REQUEST_BYTES_MAX = 16_384;
/** Names of a request that are read. */
const NAMES_MAX = 64;
/** Digests by signature algorithm; null where the key itself says which. SHA-1 and MD5 are not among them. */
const DIGESTS: Readonly<Record<string, string | null>> = {
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '1.3.101.112': null,
  '1.3.101.113': null,
};
const RSA_BITS_MIN = 2_048;
const CURVES: ReadonlySet<string | undefined> = new Set(['prime256v1', 'secp384r1', 'secp521r1']);
const COMMON_NAME = '2.5.4.3';
const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';
const SUBJECT_ALT_NAME = '2.5.29.17';
/** GeneralName choices (RFC 5280 §4.2.1.6) that are read. */
const EMAIL = 1;
const DNS = 2;
const URI = 6;
const IP = 7;

/**
 * Reads a request, PEM, and proves its signature.
 *
 * @throws InvalidRequestError in words.
 */
export function readSigningRequest(pem: string): SigningRequest {
  const base64 = BLOCK.exec(pem)?.[1];
  if (base64 === undefined) throw new InvalidRequestError('there is no certificate request in it (PEM)');
  const der = Buffer.from(base64, 'base64');
  if (der.length > REQUEST_BYTES_MAX) {
    throw new InvalidRequestError(`it is longer than ${REQUEST_BYTES_MAX} bytes`);
  }
  try {
    return read(der);
  } catch (error) {
    if (error instanceof InvalidRequestError) throw error;
    throw new InvalidRequestError('it is damaged', { cause: error });
  }
}

function read(der: Buffer): SigningRequest {
  const [info, algorithm, signature] = partsOf(parseDer(der));
  const [, subject, spki, ...rest] = partsOf(info);
  const key = createPublicKey({ key: derOf(spki), format: 'der', type: 'spki' });
  checkKey(key);
  const [oid] = partsOf(algorithm);
  const id = oidOf(oid);
  const digest = DIGESTS[id];
  if (digest === undefined) {
    throw new InvalidRequestError(
      `its signature algorithm (${id}) is not taken: sign with SHA-256 or better`,
    );
  }
  if (!verify(digest, derOf(info), key, Buffer.from(textOf(signature).slice(1), 'latin1'))) {
    throw new InvalidRequestError('its signature is not that of its key');
  }
  return {
    publicKey: key.export({ type: 'spki', format: 'pem' }).toString(),
    commonName: commonNameOf(subject),
    names: rest.flatMap(namesOf).slice(0, NAMES_MAX),
  };
}

function checkKey({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): void {
  const bits = details?.modulusLength ?? 0;
  if (type === 'rsa' && bits < RSA_BITS_MIN)
    throw new InvalidRequestError(`its RSA key has ${bits} bits; ${RSA_BITS_MIN} are the least`);
  if (type === 'ec' && !CURVES.has(details?.namedCurve))
    throw new InvalidRequestError('its key is on a curve other than P-256, P-384 and P-521');
  if (type !== 'rsa' && type !== 'ec' && type !== 'ed25519' && type !== 'ed448')
    throw new InvalidRequestError(`its key is of a kind that is not taken (${type ?? 'unknown'})`);
}

function commonNameOf(subject: Asn1 | undefined): string | undefined {
  const values = partsOf(subject)
    .flatMap(partsOf)
    .flatMap((attribute) => {
      const [type, value] = partsOf(attribute);
      return oidOf(type) === COMMON_NAME ? [utf8(textOf(value))] : [];
    });
  return values.length === 1 ? values[0] : undefined;
}

/** Alternative names of the attributes. */
const namesOf = (attributes: Asn1): readonly string[] =>
  partsOf(attributes)
    .filter((attribute) => oidOf(partsOf(attribute)[0]) === EXTENSION_REQUEST)
    .flatMap((attribute) => partsOf(partsOf(attribute)[1]))
    .flatMap(partsOf)
    .filter((extension) => oidOf(partsOf(extension)[0]) === SUBJECT_ALT_NAME)
    .flatMap((extension) => partsOf(parseDer(Buffer.from(textOf(partsOf(extension).at(-1)), 'latin1'))))
    .flatMap((name) => {
      const kind: number = name.type;
      if (kind === DNS || kind === URI || kind === EMAIL) return [utf8(textOf(name))];
      return kind === IP ? [addressOf(Buffer.from(textOf(name), 'latin1'))] : [];
    });

function addressOf(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) throw new InvalidRequestError('it names an address that is none');
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

function textOf(node: Asn1 | undefined): string {
  if (typeof node?.value !== 'string') throw new InvalidRequestError('it is damaged');
  return node.value;
}

const oidOf = (node: Asn1 | undefined): string => asn1.derToOid(textOf(node));

function derOf(node: Asn1 | undefined): Buffer {
  if (node === undefined) throw new InvalidRequestError('it is damaged');
  return writeDer(node);
}

const utf8 = (binary: string): string => Buffer.from(binary, 'latin1').toString('utf8');
