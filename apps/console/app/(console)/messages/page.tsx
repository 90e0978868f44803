import type { Metadata } from 'next';
import { Messages } from '@/components/messages/messages';
import { pageTitle } from '@/lib/page-title';

export const metadata: Metadata = { title: pageTitle('messages') };

export default function MessagesPage() {
  return <Messages />;
}
