import type { ImageRule } from './image-map.ts'

/** Kept up to date with docs/images.md. The first match wins; a user's rules come before these. */
export const builtInImages: readonly ImageRule[] = [
  {
    match: 'argoproj/argosay*',
    run: 'host',
    entrypoint: ['/argosay'],
    files: { '/argosay': 'argosay.sh' },
  },
  // Servers: a program of the same name on this machine would find neither its configuration nor its user.
  ...[
    'nginx*',
    'httpd*',
    'redis*',
    'postgres*',
    'mysql*',
    'mariadb*',
    'influxdb*',
    'minio/minio*',
  ].map((match): ImageRule => ({ match, run: 'host', needsCommand: true })),
  // Many machines have no `python`, only `python3`.
  { match: 'python*', run: 'host', command: ['python3'], instead: { python: 'python3' } },
  ...Object.entries({
    'alpine*': ['sh'],
    'busybox*': ['sh'],
    'bash*': ['bash'],
    'debian*': ['bash'],
    'ubuntu*': ['bash'],
    'golang*': ['bash'],
    'node*': ['node'],
    'ruby*': ['irb'],
    'perl*': ['perl', '-de0'],
    'docker/whalesay*': ['bash'],
  }).map(([match, command]): ImageRule => ({ match, run: 'host', command })),
  ...Object.entries({
    'alpine/git*': ['git'],
    'amazon/aws-cli*': ['aws'],
    'bitnami/git*': ['git'],
    'bitnami/kubectl*': ['kubectl'],
    'curlimages/curl*': ['curl'],
    'hashicorp/terraform*': ['terraform'],
    'stedolan/jq*': ['jq'],
  }).map(([match, entrypoint]): ImageRule => ({ match, run: 'host', entrypoint })),
  { match: '*', run: 'host' },
]
