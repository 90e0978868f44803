import type { ReasonCodeOf } from './codes.ts';
import { inFamily, type ReasonSpec } from './spec.ts';
import { WIRE } from './wire.ts';

const policy = inFamily('policy');

/** What the server's own rules refuse, whatever the authenticators know. */
export const POLICY_REASONS: Readonly<Record<ReasonCodeOf<'policy'>, ReasonSpec>> = {
  ANONYMOUS_DENIED: policy({
    title: 'Anonymous client not admitted',
    cause:
      'The client sent no username, no authenticator recognised it by anything else, and the anonymous policy is “deny”.',
    example: 'A sensor is switched on with the factory configuration, in which no username is set.',
    fix: {
      text: 'Create a credential and put its username and secret on the device. Opening the server to anonymous clients is a choice for a test bench only.',
      action: 'create-credential',
    },
    rank: 35,
    connack: WIRE.notAuthorized,
    since: '0.1',
  }),
  ANONYMOUS_QUICK_DENIED: policy({
    title: 'Anonymous client refused at once',
    cause:
      'The client sent no username and the anonymous policy is “quick deny”: such clients are refused before any authenticator is asked.',
    example: 'A port scanner connects without a username a hundred times a minute.',
    fix: {
      text: 'Give the device a username. If clients are recognised by client ID, token or certificate alone, change the anonymous policy to “deny”.',
      action: 'edit-anonymous-policy',
    },
    rank: 40,
    connack: WIRE.notAuthorized,
    since: '0.1',
  }),
  CHAIN_EXHAUSTED: policy({
    title: 'No authenticator decided',
    cause:
      'Every enabled authenticator of the chain passed this client on, or none is enabled, and the anonymous policy does not admit it.',
    example: 'All authenticators of the chain were disabled during maintenance and not enabled again.',
    fix: {
      text: 'Look at the trace for what each step answered, then enable or add the authenticator that should know this client.',
      action: 'edit-chain',
    },
    rank: 0,
    connack: WIRE.notAuthorized,
    since: '0.1',
  }),
  CREDENTIAL_DISABLED: policy({
    title: 'Credential is disabled',
    cause: 'The client proved who it is, but its credential has been switched off by an operator.',
    example: 'A device was taken out of service, its credential disabled, and somebody plugged it in again.',
    fix: {
      text: 'Enable the credential if the device is in service again; otherwise find out who runs it.',
      action: 'enable-credential',
    },
    rank: 85,
    connack: WIRE.notAuthorized,
    since: '0.1',
  }),
  CREDENTIAL_EXPIRED: policy({
    title: 'Credential has expired',
    cause: 'The client proved who it is, but its credential was valid only until a date that has passed.',
    example: 'A contractor’s gateway was given a credential until the end of the project.',
    fix: {
      text: 'Extend the credential, or take the date away if it should not expire.',
      action: 'extend-credential',
    },
    rank: 85,
    connack: WIRE.notAuthorized,
    since: '0.1',
  }),
  CLIENT_BLOCKED: policy({
    title: 'Client is blocked',
    cause:
      'An operator’s block names this client ID, username, address or certificate. Blocks are asked before any authenticator.',
    example: 'A test script ran wild last week and its client ID was blocked.',
    fix: {
      text: 'Remove the block if its cause is gone, or let it end at its date.',
      action: 'unblock',
    },
    rank: 95,
    connack: WIRE.blocked,
    since: '0.1',
  }),
  TOO_MANY_FAILURES: policy({
    title: 'Too many failed attempts',
    cause:
      'So many passwords from {ip} or for {username} were wrong that no further one is tried for a while. It is somebody guessing, or a device that retries a wrong password without a pause.',
    example: 'A misconfigured gateway tried three passwords in turn, ten times a second, all night.',
    fix: {
      text: 'Correct the password on the device first, then forgive the failures: it may try again at once. Block the address if it is no device of yours.',
      action: 'forgive-failures',
    },
    rank: 90,
    // Only identities that exist get here: a code of its own would tell which do.
    connack: WIRE.badCredentials,
    since: '0.1',
  }),
  WILL_NOT_AUTHORIZED: policy({
    title: 'Will topic not allowed',
    cause:
      'The client proved who it is, but the will in its CONNECT names a topic that its rules do not let it publish to.',
    example: 'A device announces the will status/pump-7 while its rules allow devices/pump-7/# only.',
    fix: {
      text: 'Add an allow rule for the will’s topic to the credential, or correct the topic on the device.',
      action: 'edit-rules',
    },
    rank: 85,
    connack: WIRE.notAuthorized,
    since: '0.1',
  }),
  SESSION_OWNED_BY_OTHER: policy({
    title: 'Client ID used by another',
    cause:
      'A session with the client ID {clientId} belongs to somebody who proved another identity. Two devices have the same client ID, or the device changed its credential.',
    example: 'Two gateways were cloned from one image and both call themselves gateway-1.',
    fix: {
      text: 'Give each device a client ID of its own. If the device only got a new credential, release the old session.',
      action: 'release-session',
    },
    rank: 85,
    connack: WIRE.badClientId,
    since: '0.1',
  }),
  SESSION_NOT_STORED: policy({
    title: 'Session cannot be stored',
    cause:
      'The server cannot write to its disk, most often because it is full. A client whose session or will has to outlive its connection is not let in before the disk has it. The client did nothing wrong.',
    example: 'A log file filled the partition, and a gateway with a persistent session reconnected.',
    fix: {
      text: 'Make room on the disk that holds the data directory: the server goes on by itself, and devices that retry come back. The overview and the log say what the disk answers.',
      action: 'none',
    },
    rank: 60,
    connack: WIRE.backendError,
    since: '0.1',
  }),
  REQUIRE_BIND_MISMATCH: policy({
    title: 'Proofs belong to different clients',
    cause:
      'The chain of {listener} requires several proofs that belong together. The client gave them all, and they name different clients.',
    example: 'The certificate of pump-7 is used with the username and password of pump-8.',
    fix: {
      text: 'Give the device its own certificate and credential. What has to be the same is the group’s “bind” setting; the detail shows both names.',
      action: 'edit-chain',
    },
    rank: 85,
    connack: WIRE.badCredentials,
    since: '0.1',
  }),
  AUTHENTICATOR_ERROR: policy({
    title: 'Authenticator could not answer',
    cause:
      'The authenticator {authenticator} could not find out whether to admit the client: its source was not available, it took too long, or it failed. The client did nothing wrong.',
    example:
      'The control plane was restarting while a device reconnected, and its credential could not be looked up.',
    fix: {
      text: 'See the trace for what went wrong and the authenticator’s status for whether it lasts. Devices that retry come back by themselves.',
      action: 'edit-authenticator',
    },
    rank: 60,
    connack: WIRE.backendError,
    since: '0.1',
  }),
};
