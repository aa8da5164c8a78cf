import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Cluster, manifest } from './cluster.ts'

let cluster: Cluster
beforeAll(async () => {
  cluster = await Cluster.open()
})
afterAll(() => cluster[Symbol.asyncDispose]())

describe('Jobs with kubectl', () => {
  it('one is created, waited for, read and deleted', async () => {
    expect(await cluster.says('create job hello --image=busybox -- echo hi')).toBe(
      'job.batch/hello created',
    )
    expect(await cluster.says('wait --for=condition=complete job/hello --timeout=60s')).toBe(
      'job.batch/hello condition met',
    )
    expect(await cluster.says('logs job/hello')).toBe('hi')
    expect(await cluster.says('get job hello')).toMatch(/hello +Complete +1\/1 +\d+s +\d+s$/)
    expect(await cluster.says('describe job hello')).toMatch(/1 Succeeded[\s\S]*Completed/)
    await cluster.says('delete job hello')
    await cluster.says('wait --for=delete pod -l job-name=hello --timeout=30s')
    expect(await cluster.says('get pods -l job-name=hello -o name')).toBe('')
  })

  it('one that fails, and one of each index', async () => {
    const job = (name: string, script: string, spec: object) =>
      manifest({
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name },
        spec: {
          ...spec,
          template: {
            spec: {
              restartPolicy: 'Never',
              containers: [{ name: 'c', image: 'busybox', command: ['sh', '-c', script] }],
            },
          },
        },
      })
    await cluster.says('apply -f -', job('bad', 'exit 3', { backoffLimit: 0 }))
    await cluster.says('wait --for=condition=failed job/bad --timeout=60s')
    await cluster.says(
      'apply -f -',
      job('indexed', 'echo $JOB_COMPLETION_INDEX', {
        completionMode: 'Indexed',
        completions: 3,
        parallelism: 3,
      }),
    )
    await cluster.says('wait --for=condition=complete job/indexed --timeout=60s')
    const lines = await cluster.says('logs -l job-name=indexed')
    expect(lines.split('\n').sort()).toEqual(['0', '1', '2'])
  })

  it('a CronJob is run by hand', async () => {
    await cluster.says([
      'create',
      'cronjob',
      'tick',
      '--image=busybox',
      '--schedule=0 0 1 1 *',
      '--',
      'echo',
      'tock',
    ])
    await cluster.says('create job now --from=cronjob/tick')
    await cluster.says('wait --for=condition=complete job/now --timeout=60s')
    expect(await cluster.says('logs job/now')).toBe('tock')
  })
})

describe('Deployments with kubectl', () => {
  it('one is rolled out, changed, gone back on, restarted and scaled', async () => {
    await cluster.says('create deployment web --image=busybox --replicas=2 -- sleep 600')
    expect(await cluster.says('rollout status deployment/web --timeout=60s')).toContain(
      'deployment "web" successfully rolled out',
    )
    const patch = [
      { op: 'replace', path: '/spec/template/spec/containers/0/command/1', value: '700' },
    ]
    await cluster.says(['patch', 'deployment', 'web', '--type=json', '-p', JSON.stringify(patch)])
    await cluster.says('rollout status deployment/web --timeout=90s')
    expect(await cluster.says('rollout history deployment/web')).toMatch(/1 +<none>\n2 +<none>/)
    await cluster.says('rollout undo deployment/web')
    await cluster.says('rollout status deployment/web --timeout=90s')
    const path = '{.spec.template.spec.containers[0].command[1]}'
    expect(await cluster.says(`get deployment web -o jsonpath=${path}`)).toBe('600')
    await cluster.says('rollout restart deployment/web')
    await cluster.says('rollout status deployment/web --timeout=90s')
    expect(await cluster.says('rollout history deployment/web')).toMatch(/2 +<none>\n3 +<none>\n4/)
    await cluster.says('scale deployment web --replicas=3')
    await cluster.says('wait --for=condition=available deployment/web --timeout=60s')
    await cluster.says('rollout status deployment/web --timeout=60s')
    expect(await cluster.says('get deployment web')).toMatch(/web +3\/3 +3 +3 +\d+[sm]/)
    expect(await cluster.says('describe deployment web')).toContain('ScalingReplicaSet')
  })

  it('orphans stay', async () => {
    await cluster.says('delete deployment web --cascade=orphan')
    const [set = ''] = (await cluster.says('get rs -l app=web -o name --sort-by=.spec.replicas'))
      .split('\n')
      .reverse()
    expect(await cluster.says(`get ${set} -o jsonpath={.metadata.ownerReferences}`)).toBe('')
    await cluster.says(`delete ${set}`)
    await cluster.says('wait --for=delete pod -l app=web --timeout=60s')
  })

  it('a StatefulSet and a DaemonSet are rolled out', async () => {
    const template = {
      metadata: { labels: { app: 'set' } },
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [{ name: 'c', image: 'busybox', command: ['sleep', '600'] }],
      },
    }
    const selector = { matchLabels: { app: 'set' } }
    const set = (kind: string, more: object) =>
      manifest({
        apiVersion: 'apps/v1',
        kind,
        metadata: { name: kind.toLowerCase() },
        spec: { selector, template, ...more },
      })
    await cluster.says('apply -f -', set('StatefulSet', { replicas: 2, serviceName: 'set' }))
    await cluster.says('rollout status statefulset/statefulset --timeout=60s')
    await cluster.says('rollout restart statefulset/statefulset')
    await cluster.says('rollout status statefulset/statefulset --timeout=90s')
    expect(await cluster.says('get pods -l app=set -o name')).toBe(
      'pod/statefulset-0\npod/statefulset-1',
    )
    await cluster.says('delete statefulset statefulset')
    await cluster.says('apply -f -', set('DaemonSet', {}))
    await cluster.says('rollout status daemonset/daemonset --timeout=60s')
    await cluster.says('delete daemonset daemonset')
  })
})

describe('Services and Nodes with kubectl', () => {
  it('a deployment is exposed and its endpoints listed', async () => {
    await cluster.says('create deployment shop --image=busybox --port=8080 -- sleep 600')
    await cluster.says('rollout status deployment/shop --timeout=60s')
    expect(await cluster.says('expose deployment shop --port=80 --target-port=8080')).toBe(
      'service/shop exposed',
    )
    await cluster.says('wait service/shop --for=jsonpath={.spec.clusterIP} --timeout=20s')
    expect(await cluster.says('get service shop')).toMatch(/shop +ClusterIP +127\.250\.\d+\.\d+ /)
    await cluster.says(
      'wait endpoints/shop --for=jsonpath={.subsets[0].addresses[0].ip} --timeout=20s',
    )
    expect(await cluster.says('get endpoints shop')).toMatch(/shop +127\.\d+\.\d+\.\d+:8080 /)
    expect(await cluster.says('get endpointslices -l kubernetes.io/service-name=shop')).toMatch(
      /IPv4 +8080 +127\.\d+\.\d+\.\d+ /,
    )
    await cluster.says('delete service shop')
    await cluster.says('wait --for=delete endpoints/shop --timeout=20s')
    await cluster.says('delete deployment shop')
  })

  it('this machine is the node, and the API a service', async () => {
    expect(await cluster.says('get nodes')).toMatch(/ Ready +control-plane +\d+[sm] +v1\./)
    expect(await cluster.says('describe nodes')).toMatch(/kubernetes.io\/os=linux/)
    expect(await cluster.says('get endpoints kubernetes')).toMatch(/127\.0\.0\.1:\d+/)
    expect(await cluster.says('get leases -n kube-node-lease -o name')).toContain('lease.coord')
  })

  it('a budget holds an eviction back', async () => {
    await cluster.says('create deployment held --image=busybox -- sleep 600')
    await cluster.says('create pdb held --selector=app=held --min-available=1')
    await cluster.says('rollout status deployment/held --timeout=60s')
    await cluster.says('wait pdb/held --for=jsonpath={.status.currentHealthy}=1 --timeout=20s')
    expect(await cluster.says('get pdb held')).toMatch(/held +1 +N\/A +0 /)
    const pod = (await cluster.says('get pods -l app=held -o name')).replace('pod/', '')
    const eviction = manifest({
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name: pod },
    })
    const path = `/api/v1/namespaces/default/pods/${pod}/eviction`
    expect(await cluster.refuses(`create --raw ${path} -f -`, eviction)).toContain(
      'disruption budget',
    )
    await cluster.says('delete pdb held')
    await cluster.says(`create --raw ${path} -f -`, eviction)
    await cluster.says('delete deployment held')
  })
})
