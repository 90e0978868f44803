import type { Text } from '@/lib/i18n';
import type { Version } from './values';

/** A reason code of CONNACK or DISCONNECT in words. */
export function codeWords(t: Text, version: Version, code: number): string {
  const key = `codes.v${String(version)}.${String(code)}`;
  return t.has(key) ? t(key) : t('codes.unknown', { code });
}
