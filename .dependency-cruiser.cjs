/** The floors of docs/map.md: imports go strictly down, rooms on one floor never visit each other. */
const floor = (name, from, to, comment) => ({ name, severity: 'error', comment, from, to })

module.exports = {
  forbidden: [
    floor(
      'no-cycles',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
      'a cycle is one room pretending to be two; types may name each other',
    ),
    floor(
      'engine-is-pure',
      { path: '^packages/engine/src', pathNot: '\\.test\\.ts$' },
      { dependencyTypes: ['core', 'npm', 'npm-dev'] },
      'the engine imports nothing: it runs in a browser too',
    ),
    floor(
      'engine-is-the-ground',
      { path: '^packages/engine/' },
      { path: '^packages/(?!engine/)' },
      'floor 0 knows nobody',
    ),
    floor(
      'kube-stands-on-engine',
      { path: '^packages/kube/' },
      { path: '^packages/(?!kube/|engine/)' },
      'floor 1',
    ),
    floor(
      'executor-stands-on-kube',
      { path: '^packages/executor/' },
      { path: '^packages/(?!executor/|kube/|engine/)' },
      'floor 2',
    ),
    floor(
      'rooms-of-floor-3-do-not-meet',
      { path: '^packages/(cluster|operators|server|ui)/' },
      { path: '^packages/(cluster|operators|server|ui|app)/', pathNot: '^packages/$1/' },
      'only app lets them meet',
    ),
    floor(
      'ui-runs-in-browsers',
      { path: '^packages/ui/src/' },
      { dependencyTypes: ['core'] },
      'a browser has none of Node',
    ),
    floor(
      'ui-speaks-http',
      { path: '^packages/ui/' },
      { path: '^packages/(?!ui/|engine/)' },
      'it knows what Argo means and how to ask for it, nothing else',
    ),
    floor(
      'operator-rooms-do-not-meet',
      { path: '^packages/operators/src/([^/]+)/' },
      { path: '^packages/operators/src/([^/]+)/', pathNot: '^packages/operators/src/$1/' },
      'each kind is a room of its own',
    ),
    floor(
      'node-knows-only-kube',
      { path: '^packages/cluster/src/node/' },
      { path: '^packages/cluster/src/(store|api)/' },
      'that wall makes embedded and real the same program',
    ),
    floor(
      'store-knows-no-api',
      { path: '^packages/cluster/src/store/' },
      { path: '^packages/cluster/src/(api|node)/' },
      'the store knows neither HTTP nor kinds',
    ),
    floor(
      'no-deep-imports',
      { path: '^packages/([^/]+)/' },
      {
        path: '^packages/([^/]+)/src/(?!(index|api-server|launched|built-in|protobuf|remote|workload|placement)\\.ts)',
        pathNot: '^packages/$1/',
      },
      'one door per package: src/index.ts; some have more, for what few need',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^packages/[^/]+/dist/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'default'] },
  },
}
