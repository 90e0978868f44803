/** Client IDs that try to be something else where they are shown: markup, code, formulas, invisible and reversed text. */
export const HOSTILE_CLIENT_IDS: readonly { readonly name: string; readonly clientId: string }[] = [
  { name: 'HTML', clientId: '<b>bold</b><img src=x onerror="window.__hacked=1">' },
  { name: 'script', clientId: '<script>window.__hacked=1</script>' },
  { name: 'attribute break-out', clientId: `"><svg onload=window.__hacked=1>'` },
  { name: 'template', clientId: '{{constructor.constructor("window.__hacked=1")()}}${7*7}' },
  { name: 'bidirectional override', clientId: 'pump-\u202Egnp.exe\u202C' },
  { name: 'zero width', clientId: 'pump\u200B-\u200D7\uFEFF' },
  { name: 'control characters', clientId: 'pump\u0007\u001B[31m\u0008red\r\nSet-Cookie: a=b' },
  { name: 'formula', clientId: "=cmd|'/C calc'!A0" },
  { name: 'formula with a tab', clientId: '\t=1+1' },
  { name: 'at formula', clientId: '@SUM(1+1)*cmd' },
  { name: 'CSV break-out', clientId: 'a","b\n"c' },
  { name: 'SQL', clientId: `'; DROP TABLE unauthorized_clients; --` },
  { name: 'path', clientId: '../../../../etc/passwd%00' },
  { name: 'wildcards', clientId: '%_*#+' },
  { name: 'lone combining marks', clientId: 'z\u0351\u036B\u0343\u036A\u0302\u036B\u033D\u034F\u0334' },
  // As long as fits beside a username into what is read before authentication (`preAuthPacketBytesMax`).
  { name: '64 kB', clientId: 'L'.repeat(64_000) },
];
