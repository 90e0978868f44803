import { withWords } from '@/lib/words';

export default withWords('authentication', 'credentials', 'details', 'reasons', 'tester');
