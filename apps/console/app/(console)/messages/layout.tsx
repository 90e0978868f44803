import { withWords } from '@/lib/words';

export default withWords('messages', 'retained');
