/** Every command of upstream's command line (4.1), and its own flags. '': those of all commands. */
export const upstream: readonly (readonly [command: string, flags: string])[] = [
  [
    '',
    '--argo-base-href --argo-http1 -s/--argo-server --as --as-group --as-uid ' +
      '--certificate-authority --client-certificate --client-key --cluster --context ' +
      '--disable-compression --gloglevel -H/--header --insecure-skip-tls-verify ' +
      '-k/--insecure-skip-verify --instanceid --kubeconfig --log-format --loglevel ' +
      '-n/--namespace --password --proxy-url --request-timeout -e/--secure --server ' +
      '--tls-server-name --token --user --username -v/--verbose',
  ],
  ['archive', ''],
  ['archive delete', '--name --uid'],
  ['archive get', '--name -o/--output --uid'],
  ['archive list-label-keys', ''],
  ['archive list-label-values', '-l/--selector'],
  ['archive list', '--chunk-size -o/--output -l/--selector'],
  [
    'archive resubmit',
    '--field-selector --log --memoized --name -o/--output -p/--parameter --priority ' +
      '-l/--selector --uid -w/--wait --watch',
  ],
  [
    'archive retry',
    '--field-selector --log --name --node-field-selector -o/--output -p/--parameter ' +
      '--restart-successful -l/--selector --uid -w/--wait --watch',
  ],
  ['auth', ''],
  ['auth token', ''],
  ['cluster-template', ''],
  ['cluster-template create', '-o/--output --strict'],
  ['cluster-template delete', '--all'],
  ['cluster-template get', '-o/--output'],
  ['cluster-template lint', '-o/--output --strict'],
  ['cluster-template list', '-o/--output'],
  ['cluster-template update', '-o/--output --strict'],
  ['completion', ''],
  ['convert', '--no-color -o/--output'],
  ['cp', '--artifact-name -n/--namespace --node-id --path --template-name'],
  ['cron', ''],
  ['cron backfill', '--argname --end --format --maxworkflowcount --name --parallel --start'],
  [
    'cron create',
    '--entrypoint --generate-name -l/--labels --name -o/--output -p/--parameter ' +
      '-f/--parameter-file --schedule --serviceaccount --strict',
  ],
  ['cron delete', '--all'],
  ['cron get', '-o/--output'],
  ['cron lint', '-o/--output --strict'],
  ['cron list', '-A/--all-namespaces -o/--output -l/--selector'],
  ['cron resume', ''],
  ['cron suspend', ''],
  [
    'cron update',
    '--entrypoint --generate-name -l/--labels --name -o/--output -p/--parameter ' +
      '-f/--parameter-file --serviceaccount --strict',
  ],
  [
    'delete',
    '--all -A/--all-namespaces --completed --dry-run --field-selector --force --older ' +
      '--prefix --query-chunk-size --resubmitted -l/--selector --status',
  ],
  ['executor-plugin', ''],
  ['executor-plugin build', ''],
  ['get', '--no-color --no-utf8 --node-field-selector -o/--output --status'],
  ['lint', '--kinds --no-color --offline -o/--output --strict'],
  [
    'list',
    '-A/--all-namespaces --chunk-size --completed --field-selector --no-headers --older ' +
      '-o/--output --prefix --resubmitted --running -l/--selector --since --status',
  ],
  [
    'logs',
    '-c/--container -f/--follow --grep --no-color -p/--previous -l/--selector --since ' +
      '--since-time --tail --timestamps',
  ],
  ['node', '-m/--message --node-field-selector -p/--output-parameter --phase'],
  [
    'resubmit',
    '--field-selector --log --memoized -o/--output -p/--parameter --priority -l/--selector ' +
      '-w/--wait --watch',
  ],
  ['resume', '--node-field-selector'],
  [
    'retry',
    '--field-selector --log --node-field-selector -o/--output -p/--parameter ' +
      '--restart-successful -l/--selector -w/--wait --watch',
  ],
  [
    'server',
    '--access-control-allow-origin --allowed-link-protocol --api-rate-limit --auth-mode ' +
      '--base-href -b/--browser --configmap --event-async-dispatch ' +
      '--event-operation-queue-size --event-worker-count --hsts --kube-api-burst ' +
      '--kube-api-qps --log-format --loglevel --managed-namespace --namespaced -p/--port ' +
      '-e/--secure --tls-certificate-secret-name --x-frame-options',
  ],
  ['stop', '--dry-run --field-selector --message --node-field-selector -l/--selector'],
  [
    'submit',
    '--dry-run --entrypoint --from --generate-name -l/--labels --log --name ' +
      '--node-field-selector -o/--output -p/--parameter -f/--parameter-file --priority ' +
      '--scheduled-time --server-dry-run --serviceaccount --status --strict -w/--wait --watch',
  ],
  ['suspend', ''],
  ['sync', ''],
  ['sync create', '--cm-name --limit --type'],
  ['sync delete', '--cm-name --type'],
  ['sync get', '--cm-name --type'],
  ['sync update', '--cm-name --limit --type'],
  ['template', ''],
  ['template create', '-o/--output --strict'],
  ['template delete', '--all'],
  ['template get', '-o/--output'],
  ['template lint', '-o/--output --strict'],
  ['template list', '-A/--all-namespaces -o/--output -l/--selector'],
  ['template update', '-o/--output --strict'],
  ['terminate', '--dry-run --field-selector -l/--selector'],
  ['version', '--short'],
  ['wait', '--ignore-not-found'],
  ['watch', '--node-field-selector --status'],
]
