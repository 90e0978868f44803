import { X509Certificate } from 'node:crypto';
import type { ChainCertificate } from '@gatehouse/auth-core';
import { certificateFacts } from '@gatehouse/broker';

/** What a certificate says of itself, in the words that a client's is matched in; undefined when the text is none. */
export function readCertificate(pem: string): ChainCertificate | undefined {
  try {
    return certificateFacts(new X509Certificate(pem));
  } catch {
    return undefined;
  }
}
