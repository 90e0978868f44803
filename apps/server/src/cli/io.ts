import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { Failure, messageOf } from '../runtime/failure.ts';

/** What a command sees of the world; the process's own, or a test's. */
export interface CliIo {
  readonly stdin: Readable;
  /** Writes text as it is. */
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Whether standard error is a terminal. */
  readonly terminal: boolean;
}

export function processIo(): CliIo {
  return {
    stdin: process.stdin,
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    env: process.env,
    cwd: process.cwd(),
    terminal: process.stderr.isTTY,
  };
}

/** Bytes of a password, or of another value read from standard input. */
const STDIN_VALUE_BYTES_MAX = 65_536;

/** All of standard input up to a bound. */
export async function readBytes(stdin: Readable, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stdin as AsyncIterable<Buffer | string>) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > bytesMax) throw new Error(`standard input is longer than ${bytesMax} bytes`);
    chunks.push(buffer);
  }
  return Buffer.concat(chunks);
}

/** The same as text. */
export const readAll = async (stdin: Readable, bytesMax: number): Promise<string> =>
  (await readBytes(stdin, bytesMax)).toString('utf8');

/** A secret from standard input: everything up to one final line break, which `echo` adds and nobody means. */
export async function readSecret(stdin: Readable): Promise<string> {
  return (await readAll(stdin, STDIN_VALUE_BYTES_MAX)).replace(/\r?\n$/, '');
}

/** Writes a body as it comes; a character that the end of a chunk cuts in two is put together again. */
export async function writeBody(stdout: CliIo['stdout'], body: AsyncIterable<Uint8Array>): Promise<void> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  for await (const chunk of body) stdout(decoder.decode(chunk, { stream: true }));
  stdout(decoder.decode());
}

/** A file's text; throws `Failure` in words when there is none. */
export function fileText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Failure(`${path} cannot be read: ${messageOf(error)}.`);
  }
}
