import auth from '@/messages/en/auth.json';

/** Words for problems by code, as plain data that the server hands to the form. */
export const PROBLEM_TEXTS: Readonly<Record<string, string>> = auth.problem;
