/**
 * The wire answers of auth.md §3, as [MQTT 5.0 reason code, MQTT 3.1/3.1.1 return code] pairs. `v3: null` means that
 * 3.1.1 closes without a CONNACK ([MQTT-3.1.4-1]).
 */
export const WIRE = {
  badCredentials: { v3: 4, v5: 0x86 },
  notAuthorized: { v3: 5, v5: 0x87 },
  backendError: { v3: 3, v5: 0x88 },
  blocked: { v3: 5, v5: 0x8a },
  badMethod: { v3: 5, v5: 0x8c },
  badClientId: { v3: 2, v5: 0x85 },
  badVersion: { v3: 1, v5: 0x84 },
  malformed: { v3: null, v5: 0x81 },
  protocolError: { v3: null, v5: 0x82 },
  tooLarge: { v3: null, v5: 0x95 },
  rate: { v3: 3, v5: 0x9f },
} as const;
