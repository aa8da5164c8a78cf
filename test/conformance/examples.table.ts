import { either, type Fate, fails, needs, notTaken, refused, succeeds, taken } from './example.ts'

const templates = [
  'workflow-template/templates.yaml#0',
  'workflow-template/templates.yaml#1',
  'workflow-template/templates.yaml#2',
  'workflow-template/templates.yaml#3',
  'workflow-template/templates.yaml#4',
  'cluster-workflow-template/clustertemplates.yaml#0',
  'cluster-workflow-template/clustertemplates.yaml#1',
  'cluster-workflow-template/clustertemplates.yaml#2',
  'cluster-workflow-template/clustertemplates.yaml#3',
  'cluster-workflow-template/clustertemplates.yaml#4',
]

const overdue = 'Failed: Pod was active on the node longer than the specified deadline'

const noRoute =
  /^Failed: main: Error \(exit code 64\): no more retries error: resource mapping not found for name: "host-route"/

const jobs =
  'controllers of Jobs, which a single run has not; test/conformance/jobs.real.test.ts runs it on `argosy server`'

const swagger =
  'GET https://raw.githubusercontent.com/argoproj/argo-workflows/4e450e250168e6b4d51a126b784e90b11a0162bc/pkg/apis/workflow/v1alpha1/generated.swagger.json\n200'

const nginx = /^curl --silent -G http:\/\/127\.[\d.]+:80\/\nWelcome to nginx!$/
const built = /hello$/
const ran = /^Linux [\s\S]*\nHello, Go examples!$/

/** What five steps say that had to wait for each other, for each of the locks. */
const acquired = (...locks: readonly string[]) =>
  Object.fromEntries(
    [1, 2, 3, 4, 5].flatMap((n) =>
      locks.map((lock) => [
        `[0].synchronization-acquire-lock${lock}(${n - 1}:${n})`,
        'acquired lock',
      ]),
    ),
  )

/** Upstream's examples, one by one, and what each of them does here; by its file, and `#index` of the document. */
export const examples: Readonly<Record<string, Fate>> = {
  'archive-location.yaml': succeeds({ '': 'hello world' }),
  'arguments-artifacts.yaml': succeeds({ '': 'Client Version: v1.8.0 (version)' }),
  'arguments-parameters-from-configmap.yaml': succeeds(
    { '': 'hello world' },
    { with: ['configmaps/simple-parameters-configmap.yaml'] },
  ),
  'arguments-parameters.yaml': succeeds({ '': 'hello world' }),
  'artifact-disable-archive.yaml': needs(
    'an image with an /etc of its own: links of this machine’s /etc lead out of it, and are refused',
  ),
  'artifact-gc-workflow.yaml': succeeds({ '': '' }, { holds: 'guarded', lingerMs: 100 }),
  'artifact-passing-explicit-plugin.yaml': refused('spec.templates[1].outputs.artifacts[0].plugin'),
  'artifact-passing-subpath.yaml': succeeds({
    '[0].generate-artifact': 'hello world',
    '[1].list-artifact': 'hello_world.txt',
    '[2].consume-artifact': 'hello world',
  }),
  'artifact-passing.yaml': succeeds({
    '[0].generate-artifact': 'hello world',
    '[1].consume-artifact': 'hello world',
  }),
  'artifact-path-placeholders.yaml': succeeds(
    { '': '' },
    { outputs: { '': { 'actual-lines-count': '3' } }, holds: 'headLines' },
  ),
  'artifact-repository-ref.yaml': succeeds(
    { '': 'hello world' },
    { with: ['my-repositories'], holds: 'ownRepository' },
  ),
  'artifactory-artifact.yaml': succeeds(
    { '[0].generate-artifact': 'hello world', '[1].consume-artifact': 'hello world' },
    { with: ['my-artifactory-credentials'] },
  ),
  'artifacts-workflowtemplate.yaml': taken,
  'buildkit-template.yaml': needs('BuildKit, and a repository to push to'),
  'ci-output-artifact.yaml': succeeds(
    {
      '[0].build': built,
      '[1].test(0:image:debian,tag:9.1)': ran,
      '[1].test(1:image:alpine,tag:3.6)': ran,
      '[1].test(2:image:ubuntu,tag:17.10)': ran,
      '[2].release': '',
    },
    { slow: 'it compiles', programs: ['git', 'go'] },
  ),
  'ci-workflowtemplate.yaml': taken,
  'ci.yaml': succeeds(
    {
      '[0].build': built,
      '[1].test(0:image:debian,tag:9.1)': ran,
      '[1].test(1:image:alpine,tag:3.6)': ran,
      '[1].test(2:image:ubuntu,tag:17.10)': ran,
    },
    { slow: 'it compiles', programs: ['git', 'go'] },
  ),
  'cluster-workflow-template/cluster-wftmpl-dag.yaml': succeeds(
    {
      '.A': 'A',
      '.B': 'B',
      '.C.inner-A': 'inner-A',
      '.C.inner-B': 'inner-B',
      '.C.inner-C': 'inner-C',
      '.C.inner-D': 'inner-D',
      '.D': 'D',
    },
    { with: templates },
  ),
  'cluster-workflow-template/clustertemplates.yaml#0': taken,
  'cluster-workflow-template/clustertemplates.yaml#1': taken,
  'cluster-workflow-template/clustertemplates.yaml#2': taken,
  'cluster-workflow-template/clustertemplates.yaml#3': taken,
  'cluster-workflow-template/clustertemplates.yaml#4': taken,
  'cluster-workflow-template/mixed-cluster-namespaced-wftmpl-steps.yaml': succeeds(
    {
      '[0].hello1': 'hello1',
      '[1].hello2b': 'hello2b',
      '[1].hello2a[0].inner-hello1': 'inner-hello1',
      '[1].hello2a[1].inner-hello2a': 'inner-hello2a',
      '[1].hello2a[1].inner-hello2b': 'inner-hello2b',
    },
    { with: templates },
  ),
  'cluster-workflow-template/workflow-template-ref-with-entrypoint-arg-passing.yaml': succeeds(
    { '': 'hello world' },
    { with: templates },
  ),
  'cluster-workflow-template/workflow-template-ref.yaml': succeeds(
    { '': 'hello world' },
    { with: templates },
  ),
  'coinflip-recursive.yaml': succeeds(undefined, { holds: 'coins', programs: ['python3'] }),
  'coinflip.yaml': succeeds(undefined, { holds: 'coins', programs: ['python3'] }),
  'colored-logs.yaml': succeeds(undefined, {
    holds: 'colours',
    programs: ['python3'],
    slow: 'a hundred seconds',
  }),
  'conditional-artifacts.yaml': succeeds(undefined, {
    holds: 'conditionalArtifact',
    programs: ['python3'],
  }),
  'conditional-parameters.yaml': succeeds(undefined, {
    holds: 'conditionalParameter',
    programs: ['python3'],
  }),
  'conditionals-complex.yaml': succeeds(undefined, {
    holds: 'complexCondition',
    programs: ['python3'],
  }),
  'conditionals.yaml': succeeds({
    '[0].print-hello-govaluate': '( hello )',
    '[0].print-hello-expr': '( hello )',
    '[0].print-hello-expr-json': '( hello )',
  }),
  'configmaps/simple-parameters-configmap.yaml': taken,
  'container-set-template/graph-workflow.yaml': succeeds(),
  'container-set-template/outputs-result-workflow.yaml': succeeds(),
  'container-set-template/parallel-workflow.yaml': succeeds(),
  'container-set-template/sequence-workflow.yaml': succeeds(),
  'container-set-template/workspace-workflow.yaml': succeeds(undefined, {
    outputs: { '': { out: 'hi' } },
  }),
  'continue-on-fail.yaml': succeeds({
    '[0].A': 'hello world',
    '[1].B': 'hello world',
    '[1].C': 'Failed: main: Error (exit code 1) | intentional failure',
    '[2].D': 'hello world',
  }),
  'cron-backfill.yaml#0': taken,
  'cron-backfill.yaml#1': notTaken('a schedule has none'),
  'cron-backfill.yaml#2': succeeds(undefined, { with: ['cron-backfill.yaml#0'] }),
  'cron-backfill.yaml#3': succeeds(
    {
      '[0].create-job(0:2020-05-19)': 'run for 2020-05-19',
      '[0].create-job(1:2020-05-20)': 'run for 2020-05-20',
      '[0].create-job(2:2020-05-21)': 'run for 2020-05-21',
    },
    { with: ['cron-backfill.yaml#0'] },
  ),
  'cron-when.yaml': notTaken('a schedule has none'),
  'cron-workflow-multiple-schedules.yaml': notTaken('a schedule has none'),
  'cron-workflow.yaml': notTaken('a schedule has none'),
  'custom-metrics.yaml': either('measured', { programs: ['python3'] }),
  'daemon-nginx.yaml': succeeds(
    { '[0].nginx-server': '', '[1].nginx-client': nginx },
    { slow: '2 seconds', programs: ['curl'] },
  ),
  'daemon-step.yaml': succeeds(
    {
      '[0].influx': '',
      '[1].init-database': /stored$/,
      '[2].producer-1': /stored$/,
      '[2].producer-2': /stored$/,
      '[2].producer-3': /stored$/,
      '[3].consumer': '21 lines',
    },
    { slow: '5 seconds', programs: ['curl'], turn: '8086' },
  ),
  'daemoned-stateful-set-with-service.yaml': needs(
    'controllers of StatefulSets and Services; test/conformance/jobs.real.test.ts runs it on `argosy server`',
  ),
  'dag-coinflip.yaml': succeeds(undefined, { holds: 'coins', programs: ['python3'] }),
  'dag-conditional-artifacts.yaml': succeeds(undefined, {
    holds: 'conditionalArtifact',
    programs: ['python3'],
  }),
  'dag-conditional-parameters.yaml': succeeds(undefined, {
    holds: 'conditionalParameter',
    programs: ['python3'],
  }),
  'dag-continue-on-fail.yaml': fails('', {
    '.A': 'hello world',
    '.B': 'Failed: main: Error (exit code 1) | intentional failure',
    '.C': 'hello world',
    '.E': 'Failed: main: Error (exit code 1) | intentional failure',
    '.F': 'hello world',
    '.D': 'hello world',
    '.G': 'Omitted: omitted: depends condition not met',
  }),
  'dag-custom-metrics.yaml': succeeds(undefined, { holds: 'measured' }),
  'dag-daemon-retry-strategy.yaml': succeeds(
    {
      '.server': 'retries',
      '.server(0)': '',
      ...Object.fromEntries([0, 1, 2, 3, 4, 5].map((n) => [`.client(${n}:${n})`, nginx])),
    },
    { slow: '2 seconds', programs: ['curl'] },
  ),
  'dag-daemon-task.yaml': succeeds(
    {
      '.influx': '',
      '.init-database': /stored$/,
      '.producer-1': /stored$/,
      '.producer-2': /stored$/,
      '.producer-3': /stored$/,
      '.consumer': '41 lines',
    },
    { slow: '5 seconds', programs: ['curl'], turn: '8086' },
  ),
  'dag-diamond-steps.yaml': succeeds({
    '.A[0].echo(0:1)': 'A1',
    '.A[0].echo(1:2)': 'A2',
    '.A[0].echo(2:3)': 'A3',
    '.B[0].echo(0:1)': 'B1',
    '.B[0].echo(1:2)': 'B2',
    '.B[0].echo(2:3)': 'B3',
    '.C[0].echo(0:1)': 'C1',
    '.C[0].echo(1:2)': 'C2',
    '.C[0].echo(2:3)': 'C3',
    '.D[0].echo(0:1)': 'D1',
    '.D[0].echo(1:2)': 'D2',
    '.D[0].echo(2:3)': 'D3',
  }),
  'dag-diamond.yaml': succeeds({ '.A': 'A', '.B': 'B', '.C': 'C', '.D': 'D' }),
  'dag-disable-failFast.yaml': fails('', {
    '.A': 'hello world',
    '.B': 'retries',
    '.B(0)': 'haha',
    '.C': 'retries | Failed: No more retries left',
    '.C(0)': 'Failed: main: Error (exit code 2) | intentional failure',
    '.C(1)': 'Failed: main: Error (exit code 2) | intentional failure',
    '.C(2)': 'Failed: main: Error (exit code 2) | intentional failure',
    '.C(3)': 'Failed: main: Error (exit code 2) | intentional failure',
    '.D': 'hello world',
    '.E': 'hello world',
  }),
  'dag-enhanced-depends.yaml': succeeds({
    '.A': '',
    '.B': '',
    '.C': 'Failed: main: Error (exit code 1)',
    '.should-execute-1': '',
    '.should-execute-2': '',
    '.should-not-execute': 'Omitted: omitted: depends condition not met',
    '.should-execute-3': '',
  }),
  'dag-inline-clusterworkflowtemplate.yaml': taken,
  'dag-inline-cronworkflow.yaml': notTaken('a schedule has none'),
  'dag-inline-workflow.yaml': succeeds({ '.a': 'hello argo' }),
  'dag-inline-workflowtemplate.yaml': taken,
  'dag-multiroot.yaml': succeeds({ '.A': 'A', '.B': 'B', '.C': 'C', '.D': 'D' }),
  'dag-nested.yaml': succeeds({
    '.A.A': 'AA',
    '.A.B': 'AB',
    '.A.C': 'AC',
    '.A.D': 'AD',
    '.B.A': 'BA',
    '.C.A': 'CA',
    '.C.B': 'CB',
    '.C.C': 'CC',
    '.B.B': 'BB',
    '.B.C': 'BC',
    '.C.D': 'CD',
    '.B.D': 'BD',
    '.D.A': 'DA',
    '.D.B': 'DB',
    '.D.C': 'DC',
    '.D.D': 'DD',
  }),
  'dag-targets.yaml': succeeds({ '.A': 'A', '.C': 'C', '.E': 'E' }),
  'dag-task-level-timeout.yaml': fails(
    '',
    { '.A': '', '.B': overdue, '.C': '' },
    { slow: '30 seconds', pace: 'real' },
  ),
  'data-transformations.yaml': succeeds(
    {
      '[0].list-log-files': '["a/main.log","b/main.log"]',
      '[1].process-logs(0:a/main.log)': 'a/main.log\nthe log of a',
      '[1].process-logs(1:b/main.log)': 'b/main.log\nb',
    },
    { with: ['my-bucket', 'my-minio-cred'] },
  ),
  'default-pdb-support.yaml': succeeds({ '': '' }),
  'dns-config.yaml': succeeds({ '': 'hello world' }),
  'exit-code-output-variable.yaml': succeeds({
    '[0].failing-container': 'Failed: main: Error (exit code 123)',
    '[1].echo-container': 'Exit code was: 123',
  }),
  'exit-handler-dag-level.yaml': succeeds({
    '.A': 'A',
    '.A.onExit': 'task cleanup',
    '.B': 'B',
    '.C': 'C',
    '.C.onExit': 'task cleanup',
    '.B.onExit': 'task cleanup',
    '.D': 'D',
    '.D.onExit': 'task cleanup',
  }),
  'exit-handler-slack.yaml': succeeds({
    '': 'hello',
    '.onExit':
      '-X POST --data-urlencode payload={ "text": "{name} finished", "blocks": [ { "type": "section", "text": { "type": "mrkdwn", "text": "Workflow {name} Succeeded", } } ] } YOUR_WEBHOOK_URL_HERE',
  }),
  'exit-handler-step-level.yaml': succeeds({
    '[0].hello1': 'hello1',
    '[0].hello1.onExit': 'step cleanup',
    '[1].hello2a': 'hello2a',
    '[1].hello2b': 'hello2b',
    '[1].hello2b.onExit': 'step cleanup',
    '[1].hello2a.onExit': 'step cleanup',
  }),
  'exit-handler-with-artifacts.yaml': succeeds(
    { '[0].step-1': '', '[0].step-1.onExit': 'Welcome' },
    { programs: ['python3'] },
  ),
  'exit-handler-with-param.yaml': succeeds(
    { '[0].step-1': '', '[0].step-1.onExit': 'hello world' },
    { outputs: { '[0].step-1': { result: 'hello world' } }, programs: ['python3'] },
  ),
  'exit-handlers.yaml': fails(
    'main: Error (exit code 1)',
    {
      '': 'Failed: main: Error (exit code 1) | intentional failure',
      '.onExit[0].notify': /^send e-mail: \{name\} Failed \d+\.\d{6}\. Failed steps \[\{.*\}\]$/,
      '.onExit[0].celebrate': "Skipped: when 'Failed == Succeeded' evaluated false",
      '.onExit[0].cry': 'boohoo!',
    },
    { holds: 'exitHandler' },
  ),
  'expression-destructure-json-complex.yaml': succeeds({
    '': '[43][43][{"age":43,"name":"Baris"}]["Baris","Mo","Jai"]',
  }),
  'expression-destructure-json.yaml': succeeds({ '': '123' }),
  'expression-reusing-verbose-snippets.yaml': succeeds({
    '': "The week's average temperature was 35.8 with a minimum of 15 and a maximum of 57.",
  }),
  'expression-tag-template-workflow.yaml': succeeds(
    { '.task-0(0:3)': '' },
    { outputs: { '.task-0(0:3)': { output: 'hello 30 @ 2026\n' } } },
  ),
  'fibonacci-seq-conditional-param.yaml': {
    kind: 'runs',
    end: 'Succeeded',
    holds: 'fibonacci',
    programs: ['python3'],
  },
  'forever.yaml': succeeds(undefined, { holds: 'thousand', slow: 'a thousand seconds' }),
  'fun-with-gifs.yaml': succeeds({
    '[0].step-1': '',
    '[1].step-2': '',
    '[2].step-3': '',
    '[3].step-4': '',
    '[4].step-5': '',
    '[5].step-6': '',
    '[6].step-7': '',
    '[7].step-8': /./,
  }),
  'gc-ttl.yaml': succeeds(
    { '': 'hello world' },
    { holds: 'workflowCollected', lingerMs: 7000, slow: '5 seconds' },
  ),
  'global-outputs.yaml': succeeds(
    {
      '[0].generate': '',
      '[1].consume-globals[0].consume-global-param': 'hello world',
      '[1].consume-globals[0].consume-global-art': 'hello world',
      '.onExit[0].consume-global-param': 'hello world',
      '.onExit[0].consume-global-art': 'hello world',
    },
    {
      globals: { 'my-global-param': 'hello world' },
      outputs: { '[0].generate': { 'hello-param': 'hello world' } },
    },
  ),
  'global-parameters-from-configmap-referenced-as-local-variable.yaml': succeeds(
    { '': 'hello world' },
    { with: ['configmaps/simple-parameters-configmap.yaml'] },
  ),
  'global-parameters-from-configmap.yaml': succeeds(
    { '': 'hello world' },
    { with: ['configmaps/simple-parameters-configmap.yaml'] },
  ),
  'global-parameters.yaml': succeeds({ '': 'hello world' }),
  'grafana-dashboard.json': notTaken('an object without a kind'),
  'handle-large-output-results.yaml': succeeds(
    {
      '[0].get-items': '',
      '[1].sequence-param(0:0)': '"a"',
      '[1].sequence-param(1:1)': '"b"',
      '[1].sequence-param(2:2)': '"c"',
    },
    { outputs: { '[0].get-items': { count: '3' } }, programs: ['jq'] },
  ),
  'hdfs-artifact.yaml': succeeds({
    '[0].generate-artifact': 'hello world',
    '[1].consume-artifact': 'hello world',
  }),
  'hello-hybrid.yaml': succeeds({
    '[0].step1': 'Hello from Windows Container!',
    '[1].step2': 'Hello from Linux Container!',
  }),
  'hello-windows.yaml': succeeds({ '': 'Hello from Windows Container!' }),
  'hello-world.yaml': succeeds({ '': 'hello world' }),
  'http-hello-world.yaml': succeeds({
    '[0].good': swagger,
    '[0].bad': /^Failed: received non-2xx response code: 404 /,
  }),
  'http-success-condition.yaml': succeeds({
    '[0].http-status-is-201-succeeds': 'GET https://httpbin.org/status/201\n201',
    '[0].http-body-contains-google-succeeds': 'GET https://google.com\n200',
  }),
  'image-pull-secrets.yaml': succeeds({ '': 'hello world' }),
  'influxdb-ci.yaml': succeeds(undefined, {
    slow: 'it compiles',
    programs: ['git', 'go', 'curl'],
    turn: '8086',
  }),
  'init-container.yaml': succeeds({ '': 'hello: hello\nbye' }),
  'input-artifact-azure.yaml': succeeds(
    { '': / 11 .* \/my-artifact$/ },
    { with: ['my-azure-credentials'] },
  ),
  'input-artifact-gcs.yaml': succeeds({ '': / 12 .* \/my-artifact$/ }),
  'input-artifact-git.yaml': succeeds(
    { '': /^HEAD detached at .*\nnothing to commit, working tree clean\nVERSION\n2\.1\.1$/ },
    { programs: ['git'] },
  ),
  'input-artifact-http.yaml': succeeds({ '': 'Client Version: v1.8.0 (version)' }),
  'input-artifact-oss.yaml': succeeds(
    { '': /^total 4\n.* 13 .* file$/ },
    { with: ['my-oss-credentials'] },
  ),
  'input-artifact-raw.yaml': succeeds({ '': 'this is\nthe raw file\ncontents' }),
  'input-artifact-s3.yaml': succeeds(
    { '': / 16 .* \/my-artifact$/ },
    { with: ['my-s3-credentials'] },
  ),
  'intermediate-parameters.yaml': succeeds(
    { '[0].deploy-pre-prod': 'deploying', '[1].approval': '', '[2].deploy-prod': 'deploying' },
    { outputs: { '[1].approval': { approve: 'YES' } }, resume: { approval: { approve: 'YES' } } },
  ),
  'k8s-jobs.yaml': needs(jobs),
  'k8s-orchestration.yaml': needs(jobs),
  'k8s-owner-reference.yaml': succeeds({ '': /^Workflow .*: create$/ }),
  'k8s-patch-json-pod.yaml': succeeds({ '': /^Pod .*: patch$/ }),
  'k8s-patch-json-workflow.yaml': succeeds({ '': /^Workflow .*: patch$/ }),
  'k8s-patch-merge-pod.yaml': succeeds({ '': /^Pod .*: patch$/ }),
  'k8s-patch-pod.yaml': succeeds({ '': /^Pod .*: patch$/ }),
  'k8s-resource-log-selector.yaml': needs('Kubeflow: a controller that runs TFJobs'),
  'k8s-set-owner-reference.yaml': succeeds({ '': /^ConfigMap .*: create$/ }),
  'k8s-wait-wf.yaml': succeeds({
    '[0].create-wf': /^Workflow .*: create$/,
    '[1].wait-wf': /^Workflow .*: get$/,
  }),
  'key-only-artifact.yaml': succeeds({ '.generate': '', '.consume': 'hello' }),
  'label-value-from-workflow.yaml': succeeds({ '': 'hello argo' }, { holds: 'labelled' }),
  'life-cycle-hooks-tmpl-level.yaml': succeeds(undefined, { holds: 'hookedSteps' }),
  'life-cycle-hooks-wf-level.yaml': succeeds({
    '[0].step1': 'it was heads',
    '.hooks.running': swagger,
    '.onExit': swagger,
  }),
  'loops-arbitrary-sequential-steps.yaml': fails(
    'template has failed or errored children and failFast enabled',
    {
      '[0].unit-step(0:exit_code:0,message:succeeds 1)': 'succeeds 1',
      '[0].unit-step(1:exit_code:0,message:succeeds 2)': 'succeeds 2',
      '[0].unit-step(2:exit_code:0,message:succeeds 3)': 'succeeds 3',
      '[0].unit-step(3:exit_code:1,message:will fail and stop here)':
        'Failed: main: Error (exit code 1) | will fail and stop here',
    },
  ),
  'loops-dag.yaml': succeeds({
    '.A': 'A',
    '.B(0:foo)': 'foo',
    '.B(1:bar)': 'bar',
    '.B(2:baz)': 'baz',
    '.C': 'C',
  }),
  'loops-maps.yaml': succeeds({
    '[0].test-linux(0:image:debian,tag:9.1)': '{os-release}',
    '[0].test-linux(1:image:debian,tag:8.9)': '{os-release}',
    '[0].test-linux(2:image:alpine,tag:3.6)': '{os-release}',
    '[0].test-linux(3:image:ubuntu,tag:17.10)': '{os-release}',
  }),
  'loops-param-argument.yaml': succeeds(
    {
      '[0].test-linux(0:image:debian,tag:9.1)': '{os-release}',
      '[0].test-linux(1:image:debian,tag:8.9)': '{os-release}',
      '[0].test-linux(2:image:alpine,tag:3.6)': '{os-release}',
      '[0].test-linux(3:image:ubuntu,tag:17.10)': '{os-release}',
    },
    { holds: 'displayNames' },
  ),
  'loops-param-result.yaml': succeeds(
    {
      '[0].generate': '[20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30]',
      '[1].sleep(0:20)': 'sleeping for 20 seconds\ndone',
      '[1].sleep(1:21)': 'sleeping for 21 seconds\ndone',
      '[1].sleep(2:22)': 'sleeping for 22 seconds\ndone',
      '[1].sleep(3:23)': 'sleeping for 23 seconds\ndone',
      '[1].sleep(4:24)': 'sleeping for 24 seconds\ndone',
      '[1].sleep(5:25)': 'sleeping for 25 seconds\ndone',
      '[1].sleep(6:26)': 'sleeping for 26 seconds\ndone',
      '[1].sleep(7:27)': 'sleeping for 27 seconds\ndone',
      '[1].sleep(8:28)': 'sleeping for 28 seconds\ndone',
      '[1].sleep(9:29)': 'sleeping for 29 seconds\ndone',
      '[1].sleep(10:30)': 'sleeping for 30 seconds\ndone',
    },
    { programs: ['python3'], slow: '30 seconds' },
  ),
  'loops-sequence.yaml': succeeds({
    '[0].sequence-count(0:0)': '0',
    '[0].sequence-count(1:1)': '1',
    '[0].sequence-count(2:2)': '2',
    '[0].sequence-count(3:3)': '3',
    '[0].sequence-count(4:4)': '4',
    '[0].sequence-start-end(0:100)': '100',
    '[0].sequence-start-end(1:101)': '101',
    '[0].sequence-start-end(2:102)': '102',
    '[0].sequence-start-end(3:103)': '103',
    '[0].sequence-start-end(4:104)': '104',
    '[0].sequence-start-end(5:105)': '105',
    '[0].sequence-param(0:200)': '200',
    '[0].sequence-param(1:201)': '201',
    '[0].sequence-param(2:202)': '202',
    '[0].sequence-negative(0:5)': '5',
    '[0].sequence-negative(1:4)': '4',
    '[0].sequence-negative(2:3)': '3',
    '[0].sequence-negative(3:2)': '2',
    '[0].sequence-negative(4:1)': '1',
    '[0].sequence-negative(5:0)': '0',
    '[0].sequence-format(0:testuser00)': 'testuser00',
    '[0].sequence-format(1:testuser01)': 'testuser01',
    '[0].sequence-format(2:testuser02)': 'testuser02',
    '[0].sequence-format(3:testuser03)': 'testuser03',
    '[0].sequence-format(4:testuser04)': 'testuser04',
  }),
  'loops.yaml': succeeds({
    '[0].print-message-loop(0:hello world)': 'hello world',
    '[0].print-message-loop(1:goodbye world)': 'goodbye world',
  }),
  'map-reduce.yaml': succeeds(
    {
      '.split': '["0", "1", "2", "3"]',
      '.map(0:0)': '',
      '.map(1:1)': '',
      '.map(2:2)': '',
      '.map(3:3)': '',
      '.reduce': '',
    },
    { holds: 'reduced', programs: ['python3'] },
  ),
  'memoize-simple.yaml': succeeds({ '': '' }, { outputs: { '': { hello: 'world' } } }),
  'nested-workflow.yaml': succeeds(
    {
      '[0].generate': 'hello world',
      '[1].nested-wf[0].consume':
        'input parameter value: my-output-parameter\ninput artifact contents:\nhello world',
      '[1].nested-wf[0].generate': 'hello world',
      '[2].consume':
        'input parameter value: my-output-parameter\ninput artifact contents:\nhello world',
    },
    {
      outputs: {
        '[0].generate': { 'out-parameter': 'my-output-parameter' },
        '[1].nested-wf': { 'nested-out-parameter': 'my-output-parameter' },
        '[1].nested-wf[0].generate': { 'out-parameter': 'my-output-parameter' },
      },
    },
  ),
  'node-selector.yaml': succeeds({
    '': 'Linux {name} 6.18.44-fc-v657 #1 SMP PREEMPT_DYNAMIC @0 x86_64 GNU/Linux',
  }),
  'output-artifact-azure.yaml': succeeds({ '': 'hello world' }, { with: ['my-azure-credentials'] }),
  'output-artifact-gcs.yaml': succeeds({ '': 'hello world' }),
  'output-artifact-s3.yaml': succeeds({ '': 'hello world' }, { with: ['my-s3-credentials'] }),
  'output-parameter.yaml': succeeds(
    { '[0].generate-parameter': '', '[1].consume-parameter': 'hello world' },
    { outputs: { '[0].generate-parameter': { 'hello-param': 'hello world' } } },
  ),
  'parallelism-limit.yaml': succeeds(
    {
      '[0].sleep(0:this)': '',
      '[0].sleep(1:workflow)': '',
      '[0].sleep(2:should)': '',
      '[0].sleep(3:take)': '',
      '[0].sleep(4:at)': '',
      '[0].sleep(5:least)': '',
      '[0].sleep(6:60)': '',
      '[0].sleep(7:seconds)': '',
      '[0].sleep(8:to)': '',
      '[0].sleep(9:complete)': '',
    },
    { holds: 'twoAtOnce', slow: '60 seconds' },
  ),
  'parallelism-nested-dag.yaml': succeeds(
    {
      '.b1.c1': '1 c1',
      '.b1.c2': '1 c2',
      '.b1.c3': '1 c3',
      '.b2.c1': '2 c1',
      '.b3.c1': '3 c1',
      '.b2.c2': '2 c2',
      '.b2.c3': '2 c3',
      '.b3.c2': '3 c2',
      '.b3.c3': '3 c3',
      '.b4.c1': '4 c1',
      '.b4.c2': '4 c2',
      '.b4.c3': '4 c3',
      '.b5.c1': '5 c1',
      '.b5.c2': '5 c2',
      '.b5.c3': '5 c3',
    },
    { holds: 'twoBranchesAtOnce', slow: 'a minute' },
  ),
  'parallelism-nested-workflow.yaml': succeeds(
    {
      '[0].seq-step(0:a)[0].jobs(0:1)': 'a',
      '[0].seq-step(0:a)[0].jobs(1:2)': 'a',
      '[0].seq-step(1:b)[0].jobs(0:1)': 'b',
      '[0].seq-step(1:b)[0].jobs(1:2)': 'b',
      '[0].seq-step(2:c)[0].jobs(0:1)': 'c',
      '[0].seq-step(2:c)[0].jobs(1:2)': 'c',
      '[0].seq-step(3:d)[0].jobs(0:1)': 'd',
      '[0].seq-step(3:d)[0].jobs(1:2)': 'd',
    },
    { holds: 'oneStepAtOnce', slow: 'two minutes' },
  ),
  'parallelism-nested.yaml': succeeds(
    {
      '[0].parallel-worker(0:1)[0].seq-step(0:a)': '1 a',
      '[0].parallel-worker(1:2)[0].seq-step(0:a)': '2 a',
      '[0].parallel-worker(2:3)[0].seq-step(0:a)': '3 a',
      '[0].parallel-worker(3:4)[0].seq-step(0:a)': '4 a',
      '[0].parallel-worker(0:1)[0].seq-step(1:b)': '1 b',
      '[0].parallel-worker(1:2)[0].seq-step(1:b)': '2 b',
      '[0].parallel-worker(2:3)[0].seq-step(1:b)': '3 b',
      '[0].parallel-worker(3:4)[0].seq-step(1:b)': '4 b',
      '[0].parallel-worker(0:1)[0].seq-step(2:c)': '1 c',
      '[0].parallel-worker(1:2)[0].seq-step(2:c)': '2 c',
      '[0].parallel-worker(2:3)[0].seq-step(2:c)': '3 c',
      '[0].parallel-worker(3:4)[0].seq-step(2:c)': '4 c',
      '[0].parallel-worker(1:2)[0].seq-step(3:d)': '2 d',
      '[0].parallel-worker(2:3)[0].seq-step(3:d)': '3 d',
      '[0].parallel-worker(0:1)[0].seq-step(3:d)': '1 d',
      '[0].parallel-worker(3:4)[0].seq-step(3:d)': '4 d',
    },
    { holds: 'oneStepOfEachWorkerAtOnce', slow: '40 seconds' },
  ),
  'parallelism-template-limit.yaml': succeeds(
    {
      '[0].sleep(0:this)': '',
      '[0].sleep(1:workflow)': '',
      '[0].sleep(2:should)': '',
      '[0].sleep(3:take)': '',
      '[0].sleep(4:at)': '',
      '[0].sleep(5:least)': '',
      '[0].sleep(6:60)': '',
      '[0].sleep(7:seconds)': '',
      '[0].sleep(8:to)': '',
      '[0].sleep(9:complete)': '',
    },
    { holds: 'twoAtOnce', slow: '60 seconds' },
  ),
  'parameter-aggregation-dag.yaml': succeeds(
    {
      '.odd-or-even(0:1)': '',
      '.odd-or-even(1:2)': '',
      '.odd-or-even(2:3)': '',
      '.odd-or-even(3:4)': '',
      '.print-nums': '["1","2","3","4"]',
      '.print-evenness': '["odd","even","odd","even"]',
      '.divide-by-2(0:evenness:odd,num:1)': "Skipped: when 'odd == even' evaluated false",
      '.divide-by-2(1:evenness:even,num:2)': '1',
      '.divide-by-2(2:evenness:odd,num:3)': "Skipped: when 'odd == even' evaluated false",
      '.divide-by-2(3:evenness:even,num:4)': '2',
      '.print(0:1)': '1',
      '.print(1:2)': '2',
    },
    {
      outputs: {
        '.odd-or-even(0:1)': { num: '1', evenness: 'odd' },
        '.odd-or-even(1:2)': { num: '2', evenness: 'even' },
        '.odd-or-even(2:3)': { num: '3', evenness: 'odd' },
        '.odd-or-even(3:4)': { num: '4', evenness: 'even' },
      },
    },
  ),
  'parameter-aggregation-script.yaml': succeeds(
    {
      '[0].odd-or-even(0:1)': '{"num": 1, "evenness": "odd"}',
      '[0].odd-or-even(1:2)': '{"num": 2, "evenness": "even"}',
      '[0].odd-or-even(2:3)': '{"num": 3, "evenness": "odd"}',
      '[0].odd-or-even(3:4)': '{"num": 4, "evenness": "even"}',
      '[1].divide-by-2(0:evenness:odd,num:1)': "Skipped: when 'odd == even' evaluated false",
      '[1].divide-by-2(1:evenness:even,num:2)': '1',
      '[1].divide-by-2(2:evenness:odd,num:3)': "Skipped: when 'odd == even' evaluated false",
      '[1].divide-by-2(3:evenness:even,num:4)': '2',
    },
    { programs: ['python3'] },
  ),
  'parameter-aggregation.yaml': succeeds(
    {
      '[0].odd-or-even(0:1)': '',
      '[0].odd-or-even(1:2)': '',
      '[0].odd-or-even(2:3)': '',
      '[0].odd-or-even(3:4)': '',
      '[1].print-nums': '["1","2","3","4"]',
      '[2].print-evenness': '["odd","even","odd","even"]',
      '[3].divide-by-2(0:evenness:odd,num:1)': "Skipped: when 'odd == even' evaluated false",
      '[3].divide-by-2(1:evenness:even,num:2)': '1',
      '[3].divide-by-2(2:evenness:odd,num:3)': "Skipped: when 'odd == even' evaluated false",
      '[3].divide-by-2(3:evenness:even,num:4)': '2',
      '[4].print(0:1)': '1',
      '[4].print(1:2)': '2',
    },
    {
      outputs: {
        '[0].odd-or-even(0:1)': { num: '1', evenness: 'odd' },
        '[0].odd-or-even(1:2)': { num: '2', evenness: 'even' },
        '[0].odd-or-even(2:3)': { num: '3', evenness: 'odd' },
        '[0].odd-or-even(3:4)': { num: '4', evenness: 'even' },
      },
    },
  ),
  'pod-gc-strategy-with-label-selector.yaml': fails(
    "child '{name}-#' failed",
    {
      '[0].fail': 'Failed: main: Error (exit code 1)',
      '[0].succeed-deleted': '',
      '[0].succeed-not-deleted': '',
    },
    { holds: 'labelledPodCollected', lingerMs: 33_000, slow: '30 seconds' },
  ),
  'pod-gc-strategy.yaml': fails(
    "child '{name}-#' failed",
    { '[0].fail': 'Failed: main: Error (exit code 1)', '[0].succeed': '' },
    { holds: 'succeededPodCollected', lingerMs: 33_000, slow: '30 seconds' },
  ),
  'pod-metadata-wf-field.yaml': succeeds({ '[0].hello1': 'hello1' }, { holds: 'podMetadata' }),
  'pod-metadata.yaml': succeeds({ '[0].hello1': 'hello1' }, { holds: 'podMetadata' }),
  'pod-resources-template-override.yaml': succeeds(),
  'pod-resources.yaml': succeeds(),
  'pod-spec-from-previous-step.yaml': succeeds({
    '.parse-resources': '{"memory": "10Gi", "cpu": "2000m"}',
    '.setup-resources': '{memory: 10Gi, cpu: 2000m}',
  }),
  'pod-spec-patch-wf-tmpl.yaml': succeeds({ '': 'hello world' }),
  'pod-spec-patch.yaml': succeeds({ '': 'hello world' }),
  'pod-spec-yaml-patch.yaml': succeeds({ '': 'hello world' }),
  'recursive-for-loop.yaml': succeeds(
    {
      '[0].recurse[0].iterate-counter': '1',
      '[0].recurse[1].continue[0].iterate-counter': '2',
      '[0].recurse[1].continue[1].continue[0].iterate-counter': '3',
      '[0].recurse[1].continue[1].continue[1].continue[0].iterate-counter': '4',
      '[0].recurse[1].continue[1].continue[1].continue[1].continue[0].iterate-counter': '5',
      '[0].recurse[1].continue[1].continue[1].continue[1].continue[1].continue[0].iterate-counter':
        '6',
      '[0].recurse[1].continue[1].continue[1].continue[1].continue[1].continue[1].continue[0].iterate-counter':
        '7',
      '[0].recurse[1].continue[1].continue[1].continue[1].continue[1].continue[1].continue[1].continue[0].iterate-counter':
        '8',
      '[0].recurse[1].continue[1].continue[1].continue[1].continue[1].continue[1].continue[1].continue[1].continue[0].iterate-counter':
        '9',
      '[0].recurse[1].continue[1].continue[1].continue[1].continue[1].continue[1].continue[1].continue[1].continue[1].continue[0].iterate-counter':
        '10',
      '[0].recurse[1].continue[1].continue[1].continue[1].continue[1].continue[1].continue[1].continue[1].continue[1].continue[1].continue':
        "Skipped: when '10 < 10' evaluated false",
    },
    { programs: ['python3'] },
  ),
  'resource-claims-template-override.yaml': refused(
    'spec.resourceClaims',
    'spec.templates[2].resourceClaims',
  ),
  'resource-claims.yaml': refused('spec.resourceClaims'),
  'resource-delete-with-flags.yaml': succeeds({
    '[0].submit-resource': /^ConfigMap .*: create$/,
    '[1].delete-resource': '',
  }),
  'resource-flags.yaml': fails("child '{name}-#' failed", {
    '[0].submit-resource': noRoute,
    '[1].submit-resource-without-validation': noRoute,
  }),
  'resubmit.yaml': either('resubmittable', { programs: ['python3'] }),
  'retry-backoff.yaml': either('retries', { programs: ['python3'] }),
  'retry-conditional.yaml': fails("child '{name}-#' failed", undefined, {
    holds: 'retries',
    programs: ['python3'],
  }),
  'retry-container-to-completion.yaml': succeeds(undefined, {
    holds: 'retries',
    programs: ['python3'],
  }),
  'retry-container.yaml': either('retries', { programs: ['python3'] }),
  'retry-on-error.yaml': either('retries', { programs: ['python3'] }),
  'retry-script.yaml': either('retries', { programs: ['python3'] }),
  'retry-with-steps.yaml': either('retries', { programs: ['python3'] }),
  'scripts-bash.yaml': succeeds(undefined, { holds: 'resultIsPrinted' }),
  'scripts-javascript.yaml': succeeds(undefined, { holds: 'resultIsPrinted' }),
  'scripts-python.yaml': succeeds(undefined, { holds: 'resultIsPrinted', programs: ['python3'] }),
  'secrets.yaml': succeeds(
    { '': 'secret from env: S00perS3cretPa55word\nsecret from file: S00perS3cretPa55word' },
    { with: ['my-secret'] },
  ),
  'sidecar-dind.yaml': needs('a Docker daemon in a privileged sidecar'),
  // It asks again, a second later and with a word, as long as the sidecar does not listen yet.
  'sidecar-nginx.yaml': succeeds({ '': /^(sleep\n)*Welcome to nginx!$/ }),
  'sidecar.yaml': succeeds(
    {
      '': 'OK\nOK\nstored\nstored\nstored\nstored\nstored\nstored\nstored\nstored\nstored\nstored\nstored\nstored\nstored\nstored\nstored\nstored\nstored\nstored\nstored\nstored\nstored',
    },
    { slow: '10 seconds' },
  ),
  'skipped-output-defaults/consumer-input-default.yaml': succeeds({
    '.producer': "Skipped: when 'false' evaluated false",
    '.consumer': 'consumer got: [fallback-from-input]',
  }),
  'skipped-output-defaults/expression-fallback.yaml': succeeds(
    { '.producer': "Skipped: when 'false' evaluated false" },
    { outputs: { '': { result: 'expr-fallback' } } },
  ),
  'skipped-output-defaults/producer-output-default.yaml': succeeds({
    '.producer': "Skipped: when 'false' evaluated false",
    '.consumer': 'consumer got: [hello-from-producer]',
  }),
  'status-reference.yaml': succeeds({
    '[0].flakey-container': 'Failed: main: Error (exit code 1)',
    '[1].failed': 'the flakey container failed',
    '[1].succeeded': "Skipped: when 'Failed == Succeeded' evaluated false",
  }),
  'step-level-timeout.yaml': fails(
    "child '{name}-#' failed",
    { '[0].sleep1': overdue, '[0].sleep2': overdue },
    { slow: '10 seconds', pace: 'real' },
  ),
  'steps-daemon-retry-strategy.yaml': succeeds(
    {
      '[0].server': 'retries',
      '[0].server(0)': '',
      ...Object.fromEntries(
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => [`[1].client(${n}:${n})`, nginx]),
      ),
    },
    { slow: '2 seconds', programs: ['curl'] },
  ),
  'steps-inline-workflow.yaml': succeeds({ '[0].a': 'hello argo' }),
  'steps.yaml': succeeds({
    '[0].hello1': 'hello1',
    '[1].hello2a': 'hello2a',
    '[1].hello2b': 'hello2b',
  }),
  'suspend-template-outputs.yaml': succeeds(
    { '[0].approve': '', '[1].release': 'released' },
    {
      outputs: { '[0].approve': { message: 'released' } },
      resume: { approve: { message: 'released' } },
    },
  ),
  'suspend-template.yaml': succeeds(
    {
      '[0].build': 'hello world',
      '[1].approve': '',
      '[2].delay': '',
      '[3].release': 'hello world',
    },
    { resume: { approve: {} }, slow: '20 seconds' },
  ),
  'synchronization-db-mutex-tmpl-level.yaml': succeeds(acquired('', '1'), {
    ...{ holds: 'oneHolderPerMutex', slow: '13 seconds' },
  }),
  'synchronization-db-mutex-wf-level.yaml': succeeds({ '': 'hello world' }),
  'synchronization-db-tmpl-level.yaml': succeeds(acquired(''), {
    ...{ with: ['database-limits'], holds: 'threeHolders' },
  }),
  'synchronization-db-wf-level.yaml': succeeds(
    { '': 'hello world' },
    { with: ['database-limits'] },
  ),
  'synchronization-mutex-tmpl-level.yaml': succeeds(acquired('', '1'), {
    ...{ holds: 'oneHolderPerMutex', slow: '13 seconds' },
  }),
  'synchronization-mutex-wf-level.yaml': succeeds({ '': 'hello world' }),
  'synchronization-tmpl-level.yaml': succeeds(acquired(''), {
    ...{ with: ['my-config'], holds: 'threeHolders' },
  }),
  'synchronization-wf-level.yaml': succeeds({ '': 'hello world' }, { with: ['my-config'] }),
  'template-defaults.yaml': either('retries', { programs: ['python3'] }),
  'template-on-exit.yaml': succeeds({
    '[0].stepA': 'hello world',
    '[0].stepA.onExit': 'goodbye world',
    '[1].stepB': 'hello world',
    '[1].stepB.onExit': 'goodbye world',
  }),
  'testvolume.yaml': taken,
  'timeouts-step.yaml': fails(
    'Pod was active on the node longer than the specified deadline',
    { '': 'Failed: Pod was active on the node longer than the specified deadline | 123' },
    { slow: '10 seconds', pace: 'real' },
  ),
  'timeouts-workflow.yaml': fails(
    "child '{name}-#' failed",
    {
      '[0].sleep-one-day(0:1)': overdue,
      '[0].sleep-one-day(1:2)': overdue,
      '[0].sleep-one-day(2:3)': overdue,
      '[0].unschedulable(0:1)': '',
      '[0].unschedulable(1:2)': '',
      '[0].unschedulable(2:3)': '',
    },
    { slow: '30 seconds', pace: 'real' },
  ),
  'title-and-description-with-markdown.yaml': succeeds({ '': 'hello world' }),
  'variables-showcase.yaml': succeeds(undefined, {
    holds: 'everyVariable',
    globals: { 'prepared-param': 'greeting=hello target=world' },
    slow: 'a second',
  }),
  'volumes-emptydir.yaml': succeeds({ '': 'Volume mounted and found' }),
  'volumes-existing.yaml': succeeds(
    { '[0].generate': /^accessed at: /, '[1].print': /^Volume access log:\naccessed at: / },
    { with: ['testvolume.yaml'] },
  ),
  'volumes-pvc.yaml': succeeds({
    '[0].generate': 'generating message in volume\nhello world',
    '[1].print': /^getting message from volume\n[\s\S]*hello world$/,
  }),
  'webhdfs-input-output-artifacts.yaml': succeeds({ '': 'from the HDFS' }, { with: ['oauth-sec'] }),
  'withsequence-nested-result.yaml': succeeds(undefined, {
    holds: 'nestedSequence',
    programs: ['python3'],
  }),
  'work-avoidance.yaml': either('avoided', { with: ['my-minio-cred'] }),
  'workflow-count-resourcequota.yaml': notTaken('does not take ResourceQuota'),
  'workflow-event-binding/event-consumer-workfloweventbinding.yaml': notTaken(
    'does not take WorkflowEventBinding',
  ),
  'workflow-event-binding/event-consumer-workflowtemplate.yaml': taken,
  'workflow-event-binding/github-path-filter-workfloweventbinding.yaml': notTaken(
    'does not take WorkflowEventBinding',
  ),
  'workflow-event-binding/github-path-filter-workflowtemplate.yaml': taken,
  'workflow-level-executor-plugin.yaml': succeeds(undefined, { programs: ['python3'] }),
  'workflow-of-workflows.yaml': succeeds(
    { '[0].workflow1': /^Workflow .*: create$/, '[1].workflow2': /^Workflow .*: create$/ },
    { with: ['workflow-template/templates.yaml#4'] },
  ),
  'workflow-template/dag.yaml': succeeds(
    {
      '.A': 'A',
      '.B': 'B',
      '.C.inner-A': 'inner-A',
      '.C.inner-B': 'inner-B',
      '.C.inner-C': 'inner-C',
      '.C.inner-D': 'inner-D',
      '.D': 'D',
    },
    { with: templates },
  ),
  'workflow-template/hello-world.yaml': succeeds(
    { '[0].call-print-message': 'hello world' },
    { with: templates },
  ),
  'workflow-template/input-artifacts.yaml': taken,
  'workflow-template/retry-with-steps.yaml': either('retries', {
    with: templates,
    programs: ['python3'],
  }),
  'workflow-template/steps.yaml': succeeds(
    {
      '[0].hello1': 'hello1',
      '[1].hello2b': 'hello2b',
      '[1].hello2a[0].inner-hello1': 'inner-hello1',
      '[1].hello2a[1].inner-hello2a': 'inner-hello2a',
      '[1].hello2a[1].inner-hello2b': 'inner-hello2b',
    },
    { with: templates },
  ),
  'workflow-template/templates.yaml#0': taken,
  'workflow-template/templates.yaml#1': taken,
  'workflow-template/templates.yaml#2': taken,
  'workflow-template/templates.yaml#3': taken,
  'workflow-template/templates.yaml#4': taken,
  'workflow-template/workflow-archive-logs.yaml': succeeds(
    { '': 'hello world' },
    { with: templates },
  ),
  'workflow-template/workflow-template-ref-with-entrypoint-arg-passing.yaml': succeeds(
    { '': 'hello world' },
    { with: templates },
  ),
  'workflow-template/workflow-template-ref.yaml': succeeds(
    { '': 'hello world' },
    { with: templates },
  ),
}
