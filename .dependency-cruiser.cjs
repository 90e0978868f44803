/** Directions between packages, as ARCHITECTURE.md states them; anything else fails. */
const pkg = (name) => `^packages/${name}/`;
const middle = ['broker', 'hashing', 'store', 'bus', 'connectors', 'pki', 'api', 'contract'];

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'auth-core-is-pure',
      comment: 'auth-core imports nothing of ours, no node module and no package.',
      severity: 'error',
      from: { path: '^packages/auth-core/src' },
      to: { pathNot: '^packages/auth-core/src' },
    },
    {
      name: 'ports-know-only-auth-core',
      severity: 'error',
      from: { path: '^packages/ports/src' },
      to: { pathNot: '^packages/(ports|auth-core)/' },
    },
    ...middle.map((name) => ({
      name: `${name}-imports-no-sibling`,
      severity: 'error',
      from: { path: `^packages/${name}/src` },
      to: {
        path: '^(packages|apps)/',
        pathNot: [
          pkg(name),
          pkg('auth-core'),
          ...(name === 'contract' ? [] : [pkg('ports')]),
          ...(name === 'api' ? [pkg('contract')] : []),
        ],
      },
    })),
    {
      name: 'contract-knows-only-reasons',
      severity: 'error',
      from: { path: '^packages/contract/src' },
      to: { path: '^packages/auth-core/', pathNot: '^packages/auth-core/(src|dist)/(reasons/|acl/rule)' },
    },
    {
      name: 'console-knows-only-contract',
      comment: 'The console speaks HTTP; it never imports the store, the api or the broker.',
      severity: 'error',
      from: { path: '^apps/console/' },
      to: {
        path: '^(packages|apps)/',
        pathNot: ['^apps/console/', pkg('contract'), '^packages/auth-core/(src|dist)/(network|reasons)/'],
      },
    },
    {
      name: 'nobody-imports-the-composition',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^apps/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|bundle|\\.next|node_modules|test|generated)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
