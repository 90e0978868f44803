import { withWords } from '@/lib/words';

export default withWords('blocked', 'clients', 'subscriptions');
