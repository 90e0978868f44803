import type { ReasonCodeOf } from './codes.ts';
import { inFamily, type ReasonSpec } from './spec.ts';
import { WIRE } from './wire.ts';

const protocol = inFamily('protocol');

/** What goes wrong before a CONNECT is understood: most of it never reached an authenticator. */
export const PROTOCOL_REASONS: Readonly<Record<ReasonCodeOf<'protocol'>, ReasonSpec>> = {
  PROTOCOL_NOT_MQTT: protocol({
    title: 'Not an MQTT client',
    cause:
      'The first bytes on {listener} are no MQTT packet. Usually a port scanner, a health check or a client of another protocol.',
    example: 'A monitoring system opens port 1883 and sends a line of text to see whether something answers.',
    fix: {
      text: 'Point health checks at the management API’s /healthz instead. Block the address if it is a scanner; nothing needs doing about the occasional one.',
      action: 'block',
    },
    rank: 50,
    connack: null,
    since: '0.1',
  }),
  PROTOCOL_VERSION_UNSUPPORTED: protocol({
    title: 'MQTT version not supported',
    cause: 'CONNECT asks for a protocol name or level other than MQTT 3.1, 3.1.1 and 5.0.',
    example:
      'A bridge sets the bridge bit in its protocol level, or a library announces an experimental version.',
    fix: {
      text: 'Set the client to MQTT 3.1.1 or 5.0; for a mosquitto bridge, set “try_private false”.',
      action: 'none',
    },
    rank: 50,
    connack: WIRE.badVersion,
    since: '0.1',
  }),
  PROTOCOL_MALFORMED_CONNECT: protocol({
    title: 'Malformed CONNECT packet',
    cause:
      'The CONNECT packet breaks the MQTT specification; the detail names the rule. It is a defect of the client’s library, or something damages bytes on the way.',
    example:
      'A home-grown client sends a password without a username in MQTT 3.1.1, or a client ID that is not valid UTF-8.',
    fix: {
      text: 'Update the client’s MQTT library. The detail says which rule is broken and, where it is known, at which byte.',
      action: 'none',
    },
    rank: 50,
    connack: WIRE.malformed,
    since: '0.1',
  }),
  PROTOCOL_CLIENT_ID_REJECTED: protocol({
    title: 'Client ID not acceptable',
    cause:
      'The client ID cannot be used: it is empty where the protocol version does not allow that, too long, or has forbidden characters.',
    example: 'An MQTT 3.1.1 client connects with an empty client ID and asks to keep its session.',
    fix: {
      text: 'Give the device a client ID of its own, or let it ask for a clean session.',
      action: 'none',
    },
    rank: 50,
    connack: WIRE.badClientId,
    since: '0.1',
  }),
  PROTOCOL_CONNECT_TIMEOUT: protocol({
    title: 'No CONNECT in time',
    cause:
      'A connection was opened but no complete CONNECT packet came within the time limit. A slow link, a stuck device, or somebody holding connections open.',
    example: 'A load balancer opens connections in advance and leaves them idle.',
    fix: {
      text: 'Check the device’s network. If the links are slow, raise the connect time limit; if one address does this a lot, block it.',
      action: 'edit-listener',
    },
    rank: 50,
    connack: null,
    since: '0.1',
  }),
  PROTOCOL_PACKET_TOO_LARGE: protocol({
    title: 'CONNECT packet too large',
    cause:
      'The first packet announces more bytes than an unauthenticated client may send. A very large will or token, or bytes of another protocol read as a length.',
    example: 'A client puts a 200 kB image into its will message.',
    fix: {
      text: 'Make the will or the token smaller, or raise the limit for packets before authentication.',
      action: 'edit-listener',
    },
    rank: 50,
    connack: WIRE.tooLarge,
    since: '0.1',
  }),
  HTTP_ON_MQTT_PORT: protocol({
    title: 'HTTP request on MQTT port',
    cause:
      'An HTTP request came on {listener}, which speaks MQTT over TCP. A browser, a health check or an MQTT-over-WebSocket client with the wrong port.',
    example: 'A web application opens ws://broker:1883/mqtt instead of port 8083.',
    fix: {
      text: 'Use the WebSocket port (8083 by default) for browsers, and /healthz of the management API for health checks.',
      action: 'none',
    },
    rank: 50,
    connack: null,
    since: '0.1',
  }),
  WS_PATH_NOT_FOUND: protocol({
    title: 'Wrong WebSocket path',
    cause: 'The WebSocket request asks for a path that {listener} does not serve.',
    example: 'A dashboard connects to ws://broker:8083/ but the listener serves /mqtt.',
    fix: {
      text: 'Set the client’s path to the one in the detail, or change the listener’s path.',
      action: 'edit-listener',
    },
    rank: 50,
    connack: null,
    since: '0.1',
  }),
  WS_SUBPROTOCOL_MISSING: protocol({
    title: 'WebSocket subprotocol “mqtt” missing',
    cause:
      'The WebSocket request does not offer the subprotocol “mqtt”, which MQTT over WebSocket requires ([MQTT-6.0.0-3]). It is probably no MQTT client.',
    example: 'A generic WebSocket tool opens the MQTT port to see whether it answers.',
    fix: {
      text: 'Use an MQTT client, or set the subprotocol of the WebSocket library to “mqtt”.',
      action: 'none',
    },
    rank: 50,
    connack: null,
    since: '0.1',
  }),
  WS_ORIGIN_DENIED: protocol({
    title: 'Web page origin not allowed',
    cause: 'A browser opened the WebSocket from a web page whose origin is not on the listener’s list.',
    example: 'A dashboard moved to a new host name that nobody added to the allowed origins.',
    fix: {
      text: 'Add the page’s origin to the listener’s allowed origins, if the page is yours.',
      action: 'edit-listener',
    },
    rank: 50,
    connack: null,
    since: '0.1',
  }),
  PROXY_HEADER_INVALID: protocol({
    title: 'Invalid PROXY protocol header',
    cause:
      'The listener expects a PROXY protocol header from its load balancer, and the connection began with none, a damaged one, or came from an untrusted peer.',
    example: 'The load balancer was replaced and its new configuration does not send the header.',
    fix: {
      text: 'Switch the PROXY protocol on at the load balancer, or off at the listener; add the balancer to the trusted proxies.',
      action: 'edit-listener',
    },
    rank: 50,
    connack: null,
    since: '0.1',
  }),
  LISTENER_ADDRESS_DENIED: protocol({
    title: 'Address not allowed on this listener',
    cause:
      'The access list of {listener} shuts out the address that the client came from. It was closed before anything was read.',
    example: 'A gateway was moved to another network, and the listener is open to the old one alone.',
    fix: {
      text: 'Add the network to the listener’s access list, before the entry in the detail, if the client is yours.',
      action: 'edit-listener',
    },
    rank: 50,
    connack: null,
    since: '0.1',
  }),
  QUOTA_EXCEEDED: protocol({
    title: 'Connection limit reached',
    cause:
      'A limit on connections is reached: for the server, for the address {ip}, or of new connections per second.',
    example: 'A network outage ended and five thousand devices behind one address reconnect within a second.',
    fix: {
      text: 'Let devices wait a random time before they reconnect. If the limit is too low for your fleet, raise it.',
      action: 'edit-listener',
    },
    rank: 50,
    connack: WIRE.rate,
    since: '0.1',
  }),
};
