/** What a browser says it is, from most to least particular: most of them also say that they are another. */
const BROWSERS = [
  ['Edge', /\bEdg(?:e|A|iOS)?\/(\d{1,4})/],
  ['Opera', /\bOPR\/(\d{1,4})/],
  ['Samsung Internet', /\bSamsungBrowser\/(\d{1,4})/],
  ['Firefox', /\b(?:Firefox|FxiOS)\/(\d{1,4})/],
  ['Chrome', /\b(?:Chrome|HeadlessChrome|Chromium|CriOS)\/(\d{1,4})/],
  ['Safari', /\bVersion\/(\d{1,4})[\d.]* (?:Mobile\/\S{1,16} )?Safari\//],
  ['curl', /^curl\/(\d{1,4})/],
] as const;

const SYSTEMS = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b/],
  ['Linux', /\bLinux\b/],
] as const;

/** A `User-Agent` in words. Nothing of its text is passed on but a version's digits. */
export const describeUserAgent = (
  text: string,
): { readonly browser: string | null; readonly system: string | null } => {
  const browser = BROWSERS.map(([name, pattern]) => [name, pattern.exec(text)?.[1]] as const).find(
    ([, version]) => version !== undefined,
  );
  return {
    browser: browser === undefined ? null : browser.join(' '),
    system: SYSTEMS.find(([, pattern]) => pattern.test(text))?.[0] ?? null,
  };
};
