import type { ReasonCodeOf } from './codes.ts';
import { inFamily, type ReasonSpec } from './spec.ts';
import { WIRE } from './wire.ts';

const http = inFamily('http');

/** A service of yours that is asked over HTTP. */
export const HTTP_REASONS: Readonly<Record<ReasonCodeOf<'http'>, ReasonSpec>> = {
  HTTP_DENIED: http({
    title: 'HTTP service refused the client',
    cause: 'The service behind {authenticator} was asked and said no; the detail carries its status.',
    example: 'The service answers 403 because the customer’s contract has ended.',
    fix: {
      text: 'Look into the service’s own log for this client, or try the same request in the tester.',
      action: 'open-in-tester',
    },
    rank: 70,
    connack: WIRE.notAuthorized,
    since: '0.1',
  }),
  HTTP_IGNORED: http({
    title: 'HTTP service passed client on',
    cause:
      'The service behind {authenticator} said that it does not know this client, and nobody after it did either.',
    example: 'The service answers “ignore” for a device that was registered with the wrong tenant.',
    fix: {
      text: 'Register the client with the service, or add an authenticator that knows it.',
      action: 'edit-chain',
    },
    rank: 30,
    connack: WIRE.badCredentials,
    since: '0.1',
  }),
  HTTP_TIMEOUT: http({
    title: 'HTTP service took too long',
    cause: 'The service behind {authenticator} did not answer in time. The client did nothing wrong.',
    example: 'A reconnect storm asks the service for ten thousand clients at once.',
    fix: {
      text: 'See the authenticator’s status for its times; make the service faster or raise the time limit.',
      action: 'edit-authenticator',
    },
    rank: 60,
    connack: WIRE.backendError,
    since: '0.1',
  }),
  HTTP_UNREACHABLE: http({
    title: 'HTTP service not reachable',
    cause: 'No connection to the service behind {authenticator} could be made. The client did nothing wrong.',
    example: 'The service’s host name does not resolve since the last change of the network.',
    fix: {
      text: 'Check the URL and the way to it; the authenticator’s status shows the last error.',
      action: 'edit-authenticator',
    },
    rank: 60,
    connack: WIRE.backendError,
    since: '0.1',
  }),
  HTTP_BAD_RESPONSE: http({
    title: 'HTTP service answered unexpectedly',
    cause:
      'The service behind {authenticator} answered something that its contract does not provide for: an unknown status, or a body that cannot be read.',
    example: 'A proxy in front of the service answers with an HTML page for logging in.',
    fix: {
      text: 'Compare the answer in the detail with the contract that the authenticator is set to.',
      action: 'edit-authenticator',
    },
    rank: 60,
    connack: WIRE.backendError,
    since: '0.1',
  }),
};
