import auth from '@/messages/en/auth.json';
import { textOf } from '@/lib/text';

/** Text of the pages before the sign-in: few words, so they travel with the page's script. */
export const authText = textOf({ auth }, 'auth');

/** Words for problems by code. */
export const PROBLEM_TEXTS: Readonly<Record<string, string>> = auth.problem;
