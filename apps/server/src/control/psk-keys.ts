import { openPskKeys } from '@gatehouse/api';
import type { CredentialRepository, DataPlane, SecretBox } from '@gatehouse/ports';
import type { Logger } from 'pino';

/** Keys that one message carries. */
const KEYS_PER_MESSAGE = 5_000;

/** Tells the data plane every stored pre-shared key, before the first listener opens. */
export async function publishPskKeys(
  credentials: Pick<CredentialRepository, 'pskKeys'>,
  box: SecretBox,
  dataPlane: Pick<DataPlane, 'publish'>,
  log: Pick<Logger, 'error'>,
): Promise<void> {
  const { keys, unreadable } = await openPskKeys(credentials, box);
  if (unreadable > 0) {
    log.error(
      { unreadable },
      'stored pre-shared keys were sealed under another secret key: their devices are refused until the keys are set anew',
    );
  }
  for (let start = 0; start < keys.length; start += KEYS_PER_MESSAGE) {
    const put = keys.slice(start, start + KEYS_PER_MESSAGE);
    dataPlane.publish({ kind: 'psk-keys-changed', put, removed: [] });
  }
}
