import { Messages } from '@/components/messages/messages';
import { pageTitle } from '@/lib/page-title';

export const generateMetadata = pageTitle('messages');

export default function MessagesPage() {
  return <Messages />;
}
