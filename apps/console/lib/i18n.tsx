'use client';

import { createContext, useContext, useMemo, type ReactNode } from 'react';
import { textOf, type MessageTree, type Text } from './text';

const MessagesContext = createContext<MessageTree>({});

/** Holds the messages, which the server chose and sent. */
export const I18nProvider = ({
  messages,
  children,
}: {
  readonly messages: MessageTree;
  readonly children: ReactNode;
}) => <MessagesContext value={messages}>{children}</MessagesContext>;

/** `t('key', values)` of one area (a file in `messages/en`). */
export function useText(area: string): Text {
  const messages = useContext(MessagesContext);
  return useMemo(() => textOf(messages, area), [messages, area]);
}
