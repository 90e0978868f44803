import { describe, expect, test } from 'vitest';
import { declares } from './declares.ts';
import { FIXES } from '../src/services/unauthorized/fixes.ts';

type Proof = readonly [file: string, test: string];

/**
 * Where each fix is pressed in a browser, and a real client connects afterwards, or what else the button promises is
 * true. A fix that is not here does not compile.
 */
const PROVEN: Readonly<Record<(typeof FIXES)[number], readonly Proof[]>> = {
  'create-credential': [
    ['story', 'the drawer says cause, fix and trace, and creates a credential whose ready command connects'],
    [
      'credential-types-console',
      'a refused certificate leads to a form that is filled from it, and what it makes admits the device',
    ],
    [
      'fixes-families',
      'create credential from a pre-shared key: its key admits the device, and its row is resolved',
    ],
    [
      'fixes-families',
      'a credential for a certificate resolves every row of that certificate, whatever its client IDs',
    ],
  ],
  'edit-credential': [
    [
      'fixes',
      'correct the credential: with the client ID that the device has, it gets in, and no second one is made',
    ],
  ],
  'reset-secret': [
    ['fixes', 'set a new secret'],
    [
      'fixes-families',
      'set a new secret of a pre-shared key: the new one admits the device, and its row is resolved',
    ],
  ],
  'accept-previous-secret': [
    ['fixes', 'accept the old one for 24 h: a rotated device is told from a guesser, and gets in again'],
  ],
  'enable-credential': [['fixes', 'enable the credential']],
  'extend-credential': [['fixes', 'extend the credential']],
  'release-session': [['fixes', 'release the session that another identity holds']],
  'open-in-tester': [['fixes', 'open in tester, filled in with what the device sent']],
  'forgive-failures': [
    ['fixes', 'let it try again now: the failures are forgotten and the right password is taken at once'],
  ],
  'add-rules-for-cn': [
    [
      'fixes-families',
      'add rules for this CN: an entry for the name is written, and saving it admits the device',
    ],
  ],
  'trust-ca': [
    [
      'certificates',
      "a stranger's chain is shown on the page of the refusal; trusting its CA lets the device in",
    ],
  ],
  'install-ca': [
    [
      'fixes-families',
      'get the CA certificate: the client that did not trust the server gets in with the file',
    ],
  ],
  'show-certificate': [
    ['fixes-families', 'show the certificate: who revoked it is said, and its entry is one click away'],
  ],
  'renew-certificate': [
    ['fixes-families', 'renew the certificate: when it ended is said, and the renewed one admits the device'],
  ],
  'revert-change': [
    [
      'fixes-families',
      'revert the change of the chain that began it: seen first, then the device gets in and the revert is not blamed',
    ],
  ],
  'edit-chain': [
    ['fixes-families', 'edit the chain: the step that knows the device is added, and it gets in'],
  ],
  'edit-anonymous-policy': [
    ['fixes-families', 'edit the anonymous policy: the client that has no username gets in'],
  ],
  'edit-authenticator': [
    ['fixes-families', 'edit the authenticator: with the right address the backend admits the device'],
  ],
  'edit-listener': [
    ['fixes-families', 'which setting: the server that is started with it admits the client'],
  ],
  'edit-rules': [
    ['fixes-families', 'edit the rules: the credential allows the topic of the will, and the device gets in'],
  ],
  'edit-access-rules': [
    [
      'fixes-families',
      'edit the access rules: without the rule that was added just before, the device gets in',
    ],
  ],
  block: [
    [
      'fixes-families',
      'block: whoever is blocked from its reason is refused for that, with the right secret too',
    ],
  ],
  unblock: [
    ['blocked', 'the refused client names the block and who made it, and is let in again from its drawer'],
  ],
};

describe('every fix that an attempt can offer is pressed in a browser', () => {
  test.each(FIXES.map((fix) => [fix]))('%s', (fix) => {
    const proofs = PROVEN[fix];
    expect(proofs.length).toBeGreaterThan(0);
    for (const [file, name] of proofs) {
      expect(declares(`e2e/tests/${file}.test.ts`, name), `${file}: ${name}`).toBe(true);
    }
  });
});
