import { encode } from './codec.ts';

/** Writes an AUTH of the server, with neither reason string nor user properties. */
export function encodeAuth(
  reasonCode: number,
  authenticationMethod: string,
  data: Buffer | undefined,
): Buffer {
  const properties = { authenticationMethod, ...(data === undefined ? {} : { authenticationData: data }) };
  return encode({ cmd: 'auth', reasonCode, properties }, 5);
}
