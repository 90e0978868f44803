import { DROP_REASONS, type DropReason } from '@gatehouse/ports';

/** What went over the wire since start: messages are PUBLISH packets, packets are those of every type. */
export class MessageCounters {
  received = 0;
  sent = 0;
  denied = 0;
  /** Payloads alone, as mosquitto counts `publish/bytes`. */
  payloadBytesReceived = 0;
  payloadBytesSent = 0;
  packetsReceived = 0;
  /** CONNECT packets, of refused clients too. */
  connects = 0;
  packetsSent = 0;
  bytesReceived = 0;
  bytesSent = 0;
  readonly droppedBy: Record<DropReason, number> = zeroes();

  get dropped(): number {
    return DROP_REASONS.reduce((sum, reason) => sum + this.droppedBy[reason], 0);
  }

  drop(reason: DropReason): void {
    this.droppedBy[reason] += 1;
  }
}

function zeroes(): Record<DropReason, number> {
  return {
    offline: 0,
    slowClient: 0,
    queueFull: 0,
    expired: 0,
    forbidden: 0,
    tooLarge: 0,
    retainedFull: 0,
    retainedPerSubscribe: 0,
  };
}
