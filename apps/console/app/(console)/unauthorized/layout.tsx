import { withWords } from '@/lib/words';

export default withWords(
  'authentication',
  'blocked',
  'certificates',
  'credentials',
  'details',
  'reasons',
  'requirements',
  'unauthorized',
);
