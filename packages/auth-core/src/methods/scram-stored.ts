import { fromBase64, toBase64 } from './scram-message.ts';
import { isScramMechanism, type ScramKeys, scramKeysProblem, type ScramMechanism } from './scram-secret.ts';

/** Keys by mechanism: one that is not there cannot be used. */
export type ScramKeysByMechanism = Readonly<Partial<Record<ScramMechanism, ScramKeys>>>;

/** Characters of stored keys; two mechanisms take some 600. */
const TEXT_CHARACTERS_MAX = 8_192;

/** The keys as they are stored: JSON, by mechanism; bytes in base64. As much a secret as a hash is. */
export const writeScramKeys = (keys: ScramKeysByMechanism): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(keys).map(([mechanism, { salt, iterations, storedKey, serverKey }]) => [
        mechanism,
        {
          salt: toBase64(salt),
          iterations,
          storedKey: toBase64(storedKey),
          serverKey: toBase64(serverKey),
        },
      ]),
    ),
  );

/** Reads what {@link writeScramKeys} wrote; what is wrong with other text is told without any of it. */
export function readScramKeys(text: string): ScramKeysByMechanism | { readonly unparsable: string } {
  const parsed = parse(text);
  if (parsed === undefined) return { unparsable: 'the SCRAM keys are not JSON' };
  const keys: Partial<Record<ScramMechanism, ScramKeys>> = {};
  for (const [mechanism, written] of Object.entries(parsed)) {
    if (!isScramMechanism(mechanism)) return { unparsable: 'the SCRAM keys are of an unknown mechanism' };
    const read = keysOf(written);
    if (read === undefined) return { unparsable: `the keys of ${mechanism} are incomplete` };
    const problem = scramKeysProblem(read, mechanism);
    if (problem !== undefined) return { unparsable: `${mechanism}: ${problem}` };
    keys[mechanism] = read;
  }
  return keys;
}

function parse(text: string): object | undefined {
  if (text.length > TEXT_CHARACTERS_MAX) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function keysOf(written: unknown): ScramKeys | undefined {
  if (typeof written !== 'object' || written === null) return undefined;
  const { salt, iterations, storedKey, serverKey } = written as Readonly<Record<string, unknown>>;
  const bytes = [salt, storedKey, serverKey].map((one) =>
    typeof one === 'string' ? fromBase64(one) : undefined,
  );
  const [saltBytes, stored, server] = bytes;
  if (saltBytes === undefined || stored === undefined || server === undefined) return undefined;
  return typeof iterations === 'number'
    ? { salt: saltBytes, iterations, storedKey: stored, serverKey: server }
    : undefined;
}
