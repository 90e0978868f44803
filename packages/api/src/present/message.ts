import type { MessagePropertiesDto, RetainedMessageDto, RetainedSummaryDto } from '@gatehouse/contract';
import type { MessageProperties, RetainedMessage, RetainedSummary } from '@gatehouse/ports';
import { defined } from './defined.ts';
import { isoOrNull } from './time.ts';

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

export const presentRetained = ({ preview, updatedAt, ...summary }: RetainedSummary): RetainedSummaryDto => ({
  ...summary,
  preview: base64(preview),
  updatedAt: isoOrNull(updatedAt),
});

export const presentRetainedMessage = ({
  payload,
  properties,
  ...summary
}: RetainedMessage): RetainedMessageDto => ({
  ...presentRetained(summary),
  payload: base64(payload),
  truncated: payload.length < summary.payloadBytes,
  properties: presentProperties(properties),
});

const presentProperties = ({
  correlationData,
  userProperties,
  ...properties
}: MessageProperties): MessagePropertiesDto =>
  defined({
    ...properties,
    correlationData: correlationData && base64(correlationData),
    userProperties: userProperties?.map(([name, value]) => ({ name, value })),
  });

/** The properties of a request as the broker takes them. */
export const toProperties = ({
  correlationData,
  userProperties,
  ...properties
}: MessagePropertiesDto): MessageProperties => ({
  ...properties,
  correlationData: correlationData === undefined ? undefined : Buffer.from(correlationData, 'base64'),
  userProperties: userProperties?.map(({ name, value }) => [name, value] as const),
});
