const TOLD_MAX = 500;
/** What the server said and is told in the page's language. */
const told = new Set<string>();

/** Remembers a text that was put into the page's language. */
export const noteTold = (text: string): string => {
  if (told.size >= TOLD_MAX) told.clear();
  told.add(text);
  return text;
};

/** The language of what the server said, for whoever reads the page aloud: English, unless it was put into the page's. */
export const langOf = (text: string): 'en' | undefined => (told.has(text) ? undefined : 'en');
