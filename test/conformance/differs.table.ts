import { differencesOfRuns } from './differs-runs.table.ts'

/** One thing that is not as upstream has it. */
export interface Difference {
  readonly what: string
  readonly why: string
  /** The test that holds it, by its file and name or by an example; absent when there is none yet. */
  readonly test?: string
}

const engine = 'packages/engine/src/workflow'
const node = 'packages/cluster/src/node'
const hdfs = 'packages/executor/src/artifacts/hdfs.test.ts'
const oracle = `${engine}/advance.property.test.ts: every pass leads to what a recomputation from nothing says`

/** What somebody who knows upstream will find different, and why it is so. */
export const differences: readonly Difference[] = [
  {
    what: 'A suspended workflow that is terminated ends; upstream leaves it Running until somebody resumes it',
    why: 'nothing can begin any more: there is nothing to wait for',
    test: 'packages/engine/src/workflow/suspend.test.ts: Terminate ends the workflow, suspended or not',
  },
  {
    what: 'A retry removes a hook whose template could not be executed; upstream keeps it',
    why: 'its step would fail again with it, whatever has been mended',
    test: 'packages/engine/src/workflow/operations/operations.test.ts: a hook whose template was not found goes too, and its step runs again',
  },
  {
    what: 'EventSource, Sensor and EventBus are stored and served, and nobody runs them: no event comes from a source; WorkflowEventBindings are run',
    why: 'there are no controllers of Argo Events yet; nothing is written into their status, and the page "Event flow" says so; docs/events.md',
    test: 'packages/ui/src/graph/flow.test.ts: what a controller says of an object is how it is with it',
  },
  {
    what: 'Without `--runtime docker`, steps run on this machine’s own programs, whatever their image, unless the image map says otherwise',
    why: 'no image is pulled; docs/images.md, docs/docker.md',
    test: 'example loops-maps.yaml: debian, alpine and ubuntu all print this machine’s /etc/os-release',
  },
  {
    what: '`nodeSelector`, `affinity` and `tolerations` choose nothing: a step for Windows or for another architecture runs',
    why: 'the node inside a server is the only machine; among several nodes they choose',
    test: 'example hello-windows.yaml',
  },
  {
    what: '`imagePullSecrets` does nothing without `--runtime docker`',
    why: 'no image is pulled',
    test: 'example image-pull-secrets.yaml',
  },
  {
    what: 'A pod’s own /etc/resolv.conf is for reading only and names this machine’s servers behind the cluster’s; with the runtimes docker and process `dnsConfig` has no effect, and an Event says so',
    why: 'names are found while the server is restarted; a plain process has the machine’s files',
    test: `${node}/resolv-file.test.ts: a runtime that cannot give one says so`,
  },
  {
    what: 'Where there are Services, the steps of a namespace share one /etc/hosts, for reading only and without the names of their own pods; a step with `hostAliases` has one of its own',
    why: 'making a file for each step is the dearest thing that a short one would do; docs/decisions/0026-names-of-services.md',
    test: `${node}/hosts-file.test.ts: a step with hostAliases has a file of its own, with its own name`,
  },
  {
    what: 'Node ports, LoadBalancers and ports of Services that are others than their pods’ are passed on by the server, which all pods see as 127.0.0.1; below port 1024 it needs the right to listen there, and an Event says when it has none',
    why: 'there is no kube-proxy and no network to set up; docs/decisions/0030-ports-of-services.md',
    test: 'packages/cluster/src/service-ports/start-service-ports.test.ts: a port of another program is told of once, and had when it is free',
  },
  {
    what: 'All pods share this machine’s network: each has an address of its own in 127.0.0.0/8, but two programs that listen on one port of all addresses meet',
    why: 'no network has to be set up, and no rights are needed for it',
    test: `${node}/node.probes.test.ts: two pods have two addresses, kept when the node is started anew`,
  },
  {
    what: 'The default artifact repository is a folder of the data directory; without any configuration artifacts work',
    why: 'there must be nothing to set up; docs/decisions/0005-disk-artifacts.md',
    test: 'example artifact-passing.yaml',
  },
  {
    what: 'artifactGC deletes without a pod and makes no WorkflowArtifactGCTask; with `forceFinalizerRemoval` the Workflow is still held until its own deletion while artifacts wait for that',
    why: 'the drivers are in this process; upstream then never deletes those',
    test: `${engine}/artifact-gc.test.ts: by force it goes once everything has been tried`,
  },
  {
    what: '`hdfs` artifacts can be directories, be listed and be deleted; a save writes beside the path and renames, and `force` replaces in one moment',
    why: 'HDFS has all of that; upstream’s driver takes single files, deletes nothing, and with `force` deletes before it writes',
    test: `${hdfs}: keeps what was there, and leaves nothing beside it, when a save fails`,
  },
  {
    what: 'A directory with `archive: none` replaces what an earlier save left at its key; links inside it must not lead out',
    why: 'a key holds one artifact, and a link would save somebody else’s file',
    test: 'packages/executor/src/artifacts/driver.contract.ts: a later save takes the place of the earlier',
  },
  {
    what: 'Credentials of artifacts are read from Secrets when a step starts or ends, not mounted into its pod; without keys S3 asks the whole chain of the SDK',
    why: 'the program that moves artifacts is not in the pod',
    test: 'packages/executor/src/artifacts/s3.test.ts: whose keys are used',
  },
  {
    what: 'A git revision that a shallow clone has not brought is fetched; git asks no configuration of this machine',
    why: 'upstream fails there; what a clone has must not depend on who runs it',
    test: 'packages/executor/src/artifacts/git.real.test.ts: a tag of a shallow clone',
  },
  {
    what: 'An artifact repository may be `disk: {keyFormat: …}`: a folder of the data directory',
    why: 'ours; nothing has to be installed',
    test: 'example artifact-repository-ref.yaml',
  },
  {
    what: 'An artifact of a directory like `/etc` holds this machine’s links, and those that lead out of it are refused when it is loaded',
    why: 'upstream refuses them too; its small images have none',
    test: 'packages/executor/src/artifacts/archive.test.ts',
  },
  {
    what: 'Nodes have no `taskResultSynced`',
    why: 'a node is not done before its result is there; nothing is left to be told',
    test: oracle,
  },
  {
    what: 'While a workflow runs, `progress` and `resourcesDuration` of a group that is over do not count what comes after it; upstream adds that at once, here it is added when the workflow ends',
    why: 'a sequence of n groups would be written n times over with each step',
    test: `${engine}/group-sums.test.ts: a group counts what its name encloses, items that look like paths too`,
  },
  {
    what: '`ARGO_PROGRESS_FILE` is /tmp/argo-progress, unless a container’s command, arguments, script or environment speak of it or of /var/run/argo; what is written there is told within 3 seconds, upstream tells it once a minute',
    why: 'a folder for each pod is dearer than all else that a short step does to a disk',
    test: 'packages/cluster/src/node/step-variables.test.ts: a program that speaks of the folder has it, and shares it with the rest of its pod',
  },
  {
    what: '`ARGO_TEMPLATE` of 128 KiB or more is `offloaded`, as upstream, and no ConfigMap holds it',
    why: 'no environment can hold it; only the init containers of a user are told of it',
    test: `${engine}/pod-for-spec.test.ts: is not a template that no environment can hold`,
  },
  {
    what: 'A `{{steps.…}}` or `{{tasks.…}}` that nothing can bring any more is an error; upstream waits for ever',
    why: 'a workflow that can never go on should say so',
    test: `${engine}/when.test.ts: an output that will never be is a problem`,
  },
  {
    what: 'A member of a `containerSet` that is tried again begins with the files of its image; what is in volumes stays',
    why: 'each attempt is a container of its own; upstream runs the command again inside of the first',
    test: `${node}/container-set.test.ts: a member is tried as often as the set says, and only the last end is told`,
  },
  {
    what: 'A field that a `podSpecPatch` misspells is an error',
    why: 'upstream drops it in silence; nobody writes a patch that is to change nothing',
    test: `${engine}/pod-for.test.ts`,
  },
  {
    what: '`podResources`: each container may have at most what the whole pod may; together they may have more',
    why: 'nothing holds the containers of one pod together',
    test: `${node}/resources.test.ts: a budget of the whole pod counts instead of its containers, and holds each of them`,
  },
  {
    what: 'Two node names with one 32-bit hash get different ids',
    why: 'with one id the second node would overwrite the first',
    test: 'test/conformance/differs.test.ts: two node names with one hash are two nodes',
  },
  {
    what: 'A template without outbound nodes, failed or memoized, still leads to what follows it in the graph',
    why: 'the graph would fall into pieces',
    test: oracle,
  },
  {
    what: 'A step group that is lost (failFast) lets its running siblings end first',
    why: 'a group that has ended has no step that still runs',
    test: 'example loops-arbitrary-sequential-steps.yaml; ' + oracle,
  },
  {
    what: 'A DAG’s task is looked at when the last of its dependencies has settled, not on every pass',
    why: 'the engine is incremental: work grows with what has changed',
    test: oracle,
  },
  {
    what: 'Lifecycle hooks are looked at when nothing else of their workflow can go on; upstream looks while it walks the tree, and may see a phase that ends in the same pass',
    why: 'what a pass leads to is what is persisted, so that a restart comes to the same result',
    test: oracle,
  },
  {
    what: 'A lifecycle hook that finds no place under `parallelism` waits for one; upstream makes its step an error',
    why: 'a limit delays, it does not fail',
    test: oracle,
  },
  {
    what: 'A hook of a task or of the workflow whose expression cannot be evaluated makes it an error when it is over; upstream at once, and then lets its pod run on unseen',
    why: 'nothing that runs is lost by a slip in a hook',
    test: `${engine}/advance.test.ts: a hook of the workflow that cannot be evaluated makes it an error once it is over`,
  },
  {
    what: 'The hook of a step sees the status of its own step and of earlier groups, not of steps beside it',
    why: 'upstream shows those that its walk has passed already',
    test: 'test/golden/hooks.golden: the hook of a step knows nothing of steps beside it',
  },
  {
    what: 'The expression of a hook of a step or task sees the outputs of that step too; upstream knows only its status there, and makes it an error',
    why: 'its arguments see them in any case',
    test: 'test/golden/hooks.golden: a hook may go by the outputs of its own step, which upstream does not know there',
  },
  {
    what: 'An expression whose loops look at more than 20 million items is an error; upstream has a budget for memory only',
    why: 'no manifest may hold the engine for minutes',
    test: 'packages/engine/src/expr/expr-lang/compile-expr.test.ts: loops in loops end, though they build nothing',
  },
  {
    what: 'A loop of more than a million items (`withParam`, `withSequence`) is an error; upstream tries to hold them all',
    why: 'every item becomes a node of the Workflow',
    test: 'packages/engine/src/workflow/loops.test.ts: a loop of more than a million items is refused before any of them is made',
  },
  {
    what: 'Of a loop that is stopped or terminated after thousands of its items have begun, the rest has no nodes; upstream makes one for each, which fails',
    why: 'whoever ends a workflow does not want to wait for that',
    test: 'packages/engine/src/workflow/many-items.test.ts: %s that are terminated do not begin all of their items, for each to fail',
  },
  {
    what: 'Given to a hook of the workflow, `{{workflow.status}}` is the phase at which it fires; upstream gives the phase that was persisted before, empty in the first pass',
    why: 'one who is told of a failure should be told of a failure',
    test: `${engine}/advance.test.ts: the hooks of a workflow hang below its root, and its exit handler runs after them`,
  },
  {
    what: 'When a daemon dies, what runs beside it ends first, and then its steps fail; upstream fails them at once and leaves the rest running',
    why: 'nothing is left running unseen',
    test: `${engine}/advance.test.ts: a daemon that ends by itself has failed, and its steps with it`,
  },
  {
    what: 'The exit handler and the hooks of a daemon that has died do not run',
    why: 'its step was over when it was ready; what becomes of it then is a matter of what it serves',
    test: oracle,
  },
  {
    what: 'What comes after a retried daemon waits until its next attempt is ready; upstream asks again until the address is there',
    why: 'the same, without asking',
    test: `${engine}/advance.test.ts: a daemon that dies is followed by its next attempt`,
  },
  {
    what: '`workflow.duration` and deadlines count from the whole second in which something began',
    why: 'times in objects are whole seconds, and a restart must come to the same result',
    test: 'examples exit-handlers.yaml, step-level-timeout.yaml',
  },
  {
    what: 'A workflow that uses a field which is not honoured yet is refused by that name before anything runs',
    why: 'ignoring it would run something else than what was asked for',
    test: `${engine}/validate/supported.test.ts: every row of the tables refuses`,
  },
  {
    what: 'A field of a pod that the node cannot honour ends as `CreateContainerConfigError` that names it',
    why: 'ignoring a hook or a security setting would be worse',
    test: `${node}/node.rules.test.ts`,
  },
  {
    what: 'In the log of a step whose output is its result, read afterwards, standard error follows standard output',
    why: 'the result must not hold what went to standard error; docs/decisions/0004-step-logs.md',
    test: `${node}/node-logs.test.ts`,
  },
  {
    what: 'The times of log lines are those of whoever reads them',
    why: 'no process copies what steps write; docs/decisions/0004-step-logs.md',
    test: 'packages/cluster/src/node/node-logs.test.ts: CRI lines have a time, a stream and a tag',
  },
  {
    what: '`status.synchronization` lists only what is held and waited for: upstream leaves entries without holders, and what a workflow once waited for',
    why: 'a status should say what is so',
    test: `${engine}/locks/synchronization.test.ts: of a node that holds and one that waits`,
  },
  {
    what: 'A Retry, Steps or DAG node that waited for a lock is Running once it has it; upstream leaves it Pending until it ends',
    why: 'it does run',
    test: `${engine}/locks/synchronization.test.ts: steps, dags and suspended nodes wait for a lock like pods`,
  },
  {
    what: 'Memoized outputs are written beside the Workflow: when the write fails the log says so, and the node stays as it is; upstream makes it an Error',
    why: 'the outputs are there; the next one only has to run again',
    test: 'test/operator/memoize.test.ts: are found by the next workflow at once',
  },
  {
    what: 'A node that still waits for a lock when failFast strikes fails; upstream leaves it Pending for ever',
    why: 'nothing may wait in a workflow that is over',
    test: `${engine}/locks/synchronization.test.ts: what waits when failFast strikes does not begin any more`,
  },
  {
    what: 'After a restart a held semaphore whose ConfigMap is gone lets nobody in until the ConfigMap is back; upstream poisons the lock until the next restart',
    why: 'what heals by itself needs no restart',
    test: `${engine}/locks/locks.test.ts: a holder whose limit nobody knows any more keeps its lock`,
  },
  {
    what: '`argosy run` takes no CronWorkflow, ResourceQuota or WorkflowEventBinding',
    why: 'a run has an end',
    test: 'examples cron-workflow.yaml, workflow-count-resourcequota.yaml',
  },
  {
    what: '`database` locks are kept in the store with everything else, not in PostgreSQL or MySQL: all workflows of this installation share them, another installation does not; the limits of semaphores are in the ConfigMap `database-sync-limits` of their namespace, where the sync API puts them',
    why: 'one machine has one controller, and its store is its database',
    test: 'packages/engine/src/workflow/locks/database-locks.test.ts',
  },
  {
    what: 'A retried workflow leaves alone the attempts of a step or DAG template that another attempt has followed; upstream resets them',
    why: 'they never run again, and a DAG around them would wait for ever',
    test: `${engine}/operations/retry-workflow.property.test.ts: a failed workflow that is retried goes on, and nothing that stayed runs twice`,
  },
  {
    what: 'A chosen attempt of a step that succeeded makes the step run again; upstream only removes it',
    why: 'what comes after it would never run',
    test: `${engine}/operations/operations.test.ts: a chosen attempt makes its step go on`,
  },
  {
    what: 'A schedule without a time zone is in UTC',
    why: 'so it is in a cluster, and the same manifest runs at the same time everywhere',
    test: 'packages/engine/src/cron/next-fire.test.ts',
  },
  {
    what: '`cron backfill` names each run by its tick, knows several schedules and the time zone of the CronWorkflow, and tells the run its tick as scheduled time; upstream gives random names, refuses several schedules, ignores the time zone and says the present',
    why: 'a tick that is made up for twice would run twice',
    test: 'packages/engine/src/cron/backfill.test.ts: names each run by its tick, so that none is made twice',
  },
  {
    what: '`@every` counts from the creation of the CronWorkflow; upstream begins anew at every change of its status',
    why: 'its ticks are the same after a restart, so none is run twice',
    test: 'packages/engine/src/cron/advance-cron.test.ts: a pause counts from the creation',
  },
  {
    what: 'Output artifacts carry their whole place; upstream leaves the key alone and looks the rest up in `status.artifactRepositoryRef`',
    why: 'what was saved is found again wherever it is passed on to',
    test: 'example artifact-passing.yaml',
  },
  {
    what: 'The arguments and the expression of a step’s or task’s exit handler see its `outputs.result` and `exitCode`; upstream hands on the tag itself, and knows nothing of them in the expression',
    why: 'nobody wants a tag',
    test: 'test/golden/hooks.golden: an exit handler is given the outputs of its own step',
  },
  {
    what: 'A `depends` that is no expression makes its DAG an error at once; upstream runs what comes before that task first',
    why: 'it can be known before anything runs',
    test: `${engine}/depends.test.ts: A && is refused`,
  },
  {
    what: 'A cycle in a DAG is told with the way it takes',
    why: 'one has to find it',
    test: `${engine}/depends.test.ts: a cycle is named`,
  },
  {
    what: 'A podSpecPatch that cannot be read is told with what is wrong in it, and a display name that cannot be one before there is a pod',
    why: 'upstream says only that the patch could not be applied, and finds the name out when the pod runs',
    test: `${engine}/pod-for.test.ts`,
  },
  {
    what: 'In the arguments of a task of the entrypoint `{{tasks.name}}` is the name of that task; upstream waits for ever',
    why: 'a workflow that can never go on helps nobody',
    test: 'test/golden/dag.golden: the entrypoint runs in no task: there the name is that of the task that it is given to',
  },
  {
    what: 'A loop of a step whose template is inline succeeds; upstream does not find the template again when the loop is over, and makes it an error',
    why: 'the same step without a loop succeeds there too',
    test: 'test/golden/steps.golden: a loop of an inline template',
  },
  {
    what: 'The Retry node of an exit handler is not flagged `retried`, only its attempts are',
    why: 'it is no attempt; upstream writes the flag of the attempts into the one that it has been given',
    test: 'test/golden/hooks.golden: an exit handler that is tried again is no attempt itself',
  },
  {
    what: 'No annotation `workflows.argoproj.io/trace-id`; templates of a `workflowTemplateRef`, and those of a workflow that is refused, are not in `status.storedTemplates`',
    why: 'nothing is traced; those templates are in `status.storedWorkflowTemplateSpec`',
    test: 'test/golden/templates.golden: a run of a stored template has its label, and scopes without a name',
  },
  {
    what: 'A Workflow with a value that its field cannot hold, as a step named `true`, fails and says where; upstream’s controller ends itself over it',
    why: 'one bad object must not stop the others',
    test: `${engine}/typed.test.ts: what a field cannot hold is told by its path, and nothing begins`,
  },
  {
    what: 'An exit handler of a looped step or task may speak of its own (`{{tasks.a.status}}`, `{{steps.a.outputs.parameters.v}}`), which upstream cannot resolve there, and the hook of a step’s item knows it as `steps.a` too; what comes after a retried step hangs below its last attempt, upstream hangs it below the exit handler',
    why: 'the same task without a loop may; an exit handler that succeeds would hide a task that failed',
    test: 'test/golden/hooks.golden: every item of a loop has an exit handler of its own',
  },
  ...differencesOfRuns,
]

/** Fields of which no table says what becomes of them. */
export interface FieldNote {
  readonly kind: 'done' | 'idle' | 'refused'
  readonly text: string
  readonly test?: string
}

const hooks: FieldNote = {
  kind: 'done',
  text: 'done',
  test: `example exit-handler-step-level.yaml; ${engine}/testing/golden-hooks.table.ts`,
}
const idle = (why: string, test?: string): FieldNote => ({
  kind: 'idle',
  text: `no effect: ${why}`,
  ...(test !== undefined && { test }),
})

const done = (test: string): FieldNote => ({ kind: 'done', text: 'done', test })
const http = 'packages/executor/src/artifacts/http.test.ts'
const oss = 'packages/executor/src/artifacts/oss.test.ts'

const asked = 'test/kinds/http.test.ts'
const data = 'test/kinds/data.test.ts'

const noGcPod = idle('artifacts are deleted without a pod')

const refusedLate = (why: string): FieldNote => ({
  kind: 'refused',
  text: `refused when the step starts: ${why}`,
  test: oss,
})

const executorAccount = done(
  'packages/engine/src/workflow/pod-for-spec.test.ts: a resource template acts as its executor, everything else as itself',
)

export const fieldNotes: Readonly<Record<string, FieldNote>> = {
  'Artifact.http': done(`${http}: a file is fetched with its headers`),
  'Header.name': done(`${http}: a file is fetched with its headers`),
  'DiskArtifact.key': done('packages/executor/src/artifacts/disk.test.ts'),
  'WorkflowSpec.hooks': hooks,
  'Step.hooks': hooks,
  'DagTask.hooks': hooks,
  'WorkflowSpec.priority': done(
    'test/operator/locks.test.ts: keep their locks through a restart, and their places in line',
  ),
  'ExecutorPluginSidecar.automountServiceAccountToken': done(
    'test/kinds/plugin.test.ts: a plugin that asks for it has the token of its own account',
  ),
  'HTTPArtifact.auth': done(`${http}: by name and password`),
  'HTTPArtifact.saveStreamViaFile': idle(
    'a redirect gets the bytes again in any case',
    `${http}: a plain file is sent as it is, again where a redirect wants it`,
  ),
  'Artifact.deleted': done('packages/engine/src/workflow/artifact-gc.test.ts'),
  'Artifact.oss': done('packages/executor/src/artifacts/oss.test.ts'),
  'GitArtifact.singleBranch': done('packages/executor/src/artifacts/git.real.test.ts'),
  'OSSArtifact.lifecycleRule': refusedLate('oss.lifecycleRule is not supported'),
  'OSSArtifact.securityToken': done(`${oss}: says it with a token of short life`),
  'OSSArtifact.useSDKCreds': {
    kind: 'done',
    text: 'done: by the variables ALIBABA_CLOUD_… alone',
    test: `${oss}: is told by the environment`,
  },
  'Artifact.azure': done('packages/executor/src/artifacts/azure.real.test.ts (ARGOSY_AZURITE)'),
  'AzureArtifact.useSDKCreds': {
    kind: 'done',
    text: 'done: a service principal with a secret, a workload identity, an identity of the machine, `az`; the token is shown to Azure’s own hosts only',
    test: 'packages/executor/src/artifacts/azure-token.test.ts',
  },
  'WorkflowSpec.executor': executorAccount,
  'Template.executor': executorAccount,
  'ExecutorConfig.serviceAccountName': executorAccount,
  'ArtifactGC.podMetadata': noGcPod,
  'ArtifactGC.serviceAccountName': noGcPod,
  'WorkflowLevelArtifactGC.podMetadata': noGcPod,
  'WorkflowLevelArtifactGC.podSpecPatch': noGcPod,
  'WorkflowLevelArtifactGC.serviceAccountName': noGcPod,
  'ArtifactLocation.hdfs': done(hdfs),
  'ArtifactPaths.hdfs': done(`${hdfs}: a directory can be listed`),
  'GCSArtifact.key': done('packages/executor/src/artifacts/gcs.test.ts'),
  'OSSArtifact.key': done('packages/executor/src/artifacts/oss.test.ts'),
  'HTTP.bodyFrom': done(`${asked}: a body may be bytes`),
  'HTTP.timeoutSeconds': done(`${asked}: what cannot be asked is told in Go’s words`),
  'HTTP.insecureSkipVerify': done(`${asked}: a certificate that nobody vouches for is refused`),
  'HTTPHeader.name': done(asked),
  'ValueFrom.jqFilter': done('packages/executor/src/resource/jq.test.ts'),
  'ArtifactPaths.http': {
    kind: 'refused',
    text: 'refused when the step starts: http artifacts cannot be listed',
    test: `${http}: what is at a URL cannot be listed`,
  },
  'ArtifactPaths.path': idle('what is listed is not put anywhere', data),
  'ValueFrom.event': idle(
    'only a WorkflowEventBinding has one',
    'test/server/events.test.ts: an event starts what the bindings that mean it say',
  ),
}
