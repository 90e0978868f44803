import { withWords } from '@/lib/words';

export default withWords('certificates', 'requirements');
