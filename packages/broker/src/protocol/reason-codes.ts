/** MQTT 5 reason codes that the broker sends or understands (MQTT 5.0 §2.4). */
export const ReasonCode = {
  success: 0x00,
  disconnectWithWill: 0x04,
  noMatchingSubscribers: 0x10,
  noSubscriptionExisted: 0x11,
  continueAuthentication: 0x18,
  reAuthenticate: 0x19,
  unspecifiedError: 0x80,
  malformedPacket: 0x81,
  protocolError: 0x82,
  implementationSpecific: 0x83,
  unsupportedProtocolVersion: 0x84,
  notAuthorized: 0x87,
  serverUnavailable: 0x88,
  serverBusy: 0x89,
  serverShuttingDown: 0x8b,
  badAuthenticationMethod: 0x8c,
  keepAliveTimeout: 0x8d,
  sessionTakenOver: 0x8e,
  topicFilterInvalid: 0x8f,
  topicNameInvalid: 0x90,
  packetIdentifierInUse: 0x91,
  packetIdentifierNotFound: 0x92,
  receiveMaximumExceeded: 0x93,
  topicAliasInvalid: 0x94,
  packetTooLarge: 0x95,
  quotaExceeded: 0x97,
  administrativeAction: 0x98,
  payloadFormatInvalid: 0x99,
  useAnotherServer: 0x9c,
  sharedSubscriptionsNotSupported: 0x9e,
} as const;

/** Reason strings of acknowledgements: what a failure means, for who reads the client's log. */
export const REASON_WORDS: ReadonlyMap<number, string> = new Map([
  [ReasonCode.noSubscriptionExisted, 'no subscription existed'],
  [ReasonCode.notAuthorized, 'not authorized'],
  [ReasonCode.topicFilterInvalid, 'topic filter invalid'],
  [ReasonCode.packetIdentifierInUse, 'packet identifier in use'],
  [ReasonCode.packetIdentifierNotFound, 'packet identifier not found'],
  [ReasonCode.quotaExceeded, 'quota exceeded'],
  [ReasonCode.payloadFormatInvalid, 'payload format invalid'],
]);

/** CONNACK return codes of MQTT 3.1 and 3.1.1 that are not derived from a reason (3.1.1 §3.2.2.3). */
export const ReturnCode = { accepted: 0, unacceptableProtocolVersion: 1, serverUnavailable: 3 } as const;

/** SUBACK failure of MQTT 3.1.1 (§3.9.3). */
export const SUBACK_FAILURE_V3 = 0x80;
