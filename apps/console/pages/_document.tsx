import Document, { Head, Html, Main, NextScript, type DocumentContext } from 'next/document';
import { THEME_COOKIE, parseTheme, type Theme } from '@/lib/theme';

interface Themed {
  readonly theme: Theme;
}

/**
 * The theme is a cookie, so the first byte is already right, as in `app/layout.tsx`; scripts carry the nonce of the
 * policy that `proxy.ts` sets, as Next reads it from there.
 */
export default class AuthDocument extends Document<Themed> {
  static override async getInitialProps(context: DocumentContext) {
    const jar = new Map((context.req?.headers.cookie ?? '').split('; ').map((pair) => cookieOf(pair)));
    const theme = parseTheme(jar.get(THEME_COOKIE));
    return { ...(await Document.getInitialProps(context)), theme };
  }

  override render() {
    const { theme, nonce } = this.props;
    return (
      <Html lang="en" {...(theme === 'system' ? {} : { 'data-theme': theme })}>
        <Head {...(nonce === undefined ? {} : { nonce })}>
          <meta name="robots" content="noindex, nofollow" />
          <meta name="color-scheme" content="light dark" />
          <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        </Head>
        <body>
          <Main />
          <NextScript {...(nonce === undefined ? {} : { nonce })} />
        </body>
      </Html>
    );
  }
}

function cookieOf(pair: string): readonly [string, string] {
  const [name = '', value = ''] = pair.split('=');
  return [name, value];
}
