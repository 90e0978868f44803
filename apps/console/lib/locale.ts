/** Language of text, numbers and dates; English is complete, others follow by key. */
export const LOCALE = 'en';
