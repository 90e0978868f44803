/** The version as people write it. */
const NAMES: Readonly<Record<number, string>> = { 3: 'MQTT 3.1', 4: 'MQTT 3.1.1', 5: 'MQTT 5.0' };

export const protocolName = (protocol: number): string => NAMES[protocol] ?? `MQTT (${protocol})`;

export const ProtocolName = ({ protocol }: { readonly protocol: number | null }) =>
  protocol === null ? (
    <span className="text-faint">—</span>
  ) : (
    <span className="whitespace-nowrap">{protocolName(protocol)}</span>
  );
