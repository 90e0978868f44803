import type { AppProps } from 'next/app';
import '@/app/globals.css';

/** Around the pages before the sign-in; everything behind it is in `app/`. */
export default function AuthApp({ Component, pageProps }: AppProps<Record<string, never>>) {
  return <Component {...pageProps} />;
}
