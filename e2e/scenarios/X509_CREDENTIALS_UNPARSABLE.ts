import { BY_X509, connectWith, middle, pki } from '../support/certificates.ts';
import { damageCredential } from '../support/database.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  settings: BY_X509,
  async attempt({ server, api, tag }) {
    const { id } = await api.createCredential({ type: 'x509', match: { by: 'cn', value: tag } });
    damageCredential(server, id);
    const certificate = pki.make({ subject: `/CN=${tag}`, issuer: middle });
    return { query: `clientId=${tag}`, connack: await connectWith(server, tag, certificate) };
  },
};
