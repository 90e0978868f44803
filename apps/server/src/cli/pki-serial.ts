import { existsSync, readFileSync } from 'node:fs';
import { serialOf } from '@gatehouse/pki';
import { Failure } from '../runtime/failure.ts';

/** A serial number as it was given, or that of a certificate's file; upper-case hex. */
export function toSerial(serialOrFile: string): string {
  if (!existsSync(serialOrFile)) {
    const serial = serialOrFile.replaceAll(':', '').toUpperCase();
    if (!/^[\dA-F]{1,64}$/.test(serial))
      throw new Failure(`"${serialOrFile}" is neither a file nor a serial number in hex.`);
    return serial;
  }
  try {
    return serialOf(readFileSync(serialOrFile, 'utf8'));
  } catch (error) {
    throw new Failure(`${serialOrFile} is no certificate.`, undefined, { cause: error });
  }
}
