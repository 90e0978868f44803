import { withWords } from '@/lib/words';

export default withWords('account', 'settings');
