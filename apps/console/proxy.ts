import { NextResponse, type NextRequest } from 'next/server';

/**
 * One policy for every page: this origin only, no inline script or style without the request's nonce.
 * Styles set through the DOM (positions of menus, widths of columns) are not inline and stay allowed.
 */
const policy = (nonce: string): string =>
  [
    `default-src 'self'`,
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${process.env.NODE_ENV === 'development' ? ` 'unsafe-eval'` : ''}`,
    `style-src 'self' 'nonce-${nonce}'`,
    `img-src 'self' data:`,
    `font-src 'self'`,
    `connect-src 'self'`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ].join('; ');

export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64');
  const headers = new Headers(request.headers);
  // Next reads the nonce out of the request's policy and puts it on every script it writes.
  headers.set('Content-Security-Policy', policy(nonce));
  // Where a sign-in leads back to; set here, so that nobody else says it.
  headers.set('x-gatehouse-path', request.nextUrl.pathname + request.nextUrl.search);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('Content-Security-Policy', policy(nonce));
  response.headers.set('Cache-Control', 'private, no-store');
  return response;
}

export const config = {
  matcher: ['/((?!_next/static|_next/image|favicon|icon).*)'],
};
