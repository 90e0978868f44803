import { withWords } from '@/lib/words';

export default withWords('details', 'reasons');
