import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Cluster } from './cluster.ts'

let cluster: Cluster
let node = ''
beforeAll(async () => {
  cluster = await Cluster.open()
  await says('create deployment web --image=busybox --replicas=2 -- sleep 600')
  await says('rollout status deployment/web --timeout=60s')
  node = (await says('get nodes -o name')).replace('node/', '')
})
afterAll(() => cluster[Symbol.asyncDispose]())

const says = (command: string | readonly string[], input?: string, env?: NodeJS.ProcessEnv) =>
  cluster.says(command, input, env)
const refuses = (command: string) => cluster.refuses(command)

const two = ['pr1', 'pr2'].map((name) => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap' },
  metadata: { name, labels: { prune: 'yes' } },
}))
const list = (count: number) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'List', items: two.slice(0, count) })

describe('the rest of kubectl', () => {
  it('looks after nodes', async () => {
    expect(await says(`cordon ${node}`)).toBe(`node/${node} cordoned`)
    expect(await says('get nodes')).toContain('Ready,SchedulingDisabled')
    expect(await says(`uncordon ${node}`)).toBe(`node/${node} uncordoned`)
    expect(await says(`taint nodes ${node} a=b:NoSchedule`)).toBe(`node/${node} tainted`)
    expect(await says(`taint nodes ${node} a-`)).toBe(`node/${node} untainted`)
    const drain = `drain ${node} --ignore-daemonsets --force --delete-emptydir-data --dry-run=server`
    expect(await says(drain)).toMatch(/evicting pod default\/web-\S+ \(server dry run\)/)
  })

  it('sets what workloads have, pauses and goes on', async () => {
    expect(await says('set resources deployment web --limits=cpu=200m')).toContain('updated')
    expect(await says('set serviceaccount deployment web default')).toContain('updated')
    expect(await says('rollout pause deployment/web')).toContain('paused')
    expect(await says('rollout resume deployment/web')).toContain('resumed')
    expect(await says('rollout status deployment/web --timeout=60s')).toContain('successfully')
    expect(await says('autoscale deployment web --min=1 --max=3 --cpu=80%')).toContain('autoscaled')
    expect(await says('get hpa')).toMatch(/web +Deployment\/web/)
    expect(await says('get deployment web --subresource=status')).toContain('web')
    const patch = ['patch', 'deployment', 'web', '--subresource=scale', '--type=merge', '-p']
    expect(await says([...patch, '{"spec":{"replicas":1}}'])).toContain('patched')
    expect(await says('create clusterrolebinding b1 --clusterrole=view --user=a')).toContain(
      'created',
    )
    expect(await says('set subject clusterrolebinding b1 --user=b')).toContain('updated')
    expect(await says('set selector svc/kubernetes a=b --dry-run=client')).toContain('updated')
  })

  it('tells of events, rights and the whole cluster', async () => {
    expect(await says('events --for deployment/web')).toContain('ScalingReplicaSet')
    expect(await says('events --types=Normal')).toContain('ScalingReplicaSet')
    expect(await says('get events.events.k8s.io')).toContain('ScalingReplicaSet')
    expect(await says('auth can-i --list')).toMatch(/\*\.\* +\[\] +\[\] +\[\*\]/)
    expect(await says('api-resources --api-group=argoproj.io -o name')).toContain('workflows')
    expect(await says('explain cronworkflow')).toContain('CronWorkflow')
    expect(await says('explain pods --api-version=v1')).toContain('KIND:')
    expect(await says('get deployments,replicasets,services -A')).toContain('deployment.apps/web')
    expect(await says('get cm -o wide --show-kind')).toContain('configmap/kube-root-ca.crt')
    expect(await says('get apiservices')).toBe('')
    await says(`cluster-info dump --output-directory=${cluster.place.path('dump')}`)
  })

  it('prunes, by labels and by sets', async () => {
    await says('apply -f -', list(2))
    const prune = 'apply --prune -l prune=yes --prune-allowlist=core/v1/ConfigMap -f -'
    expect(await says(prune, list(1))).toContain('configmap/pr2 pruned')
    const env = { KUBECTL_APPLYSET: 'true' }
    const set =
      'apply --applyset=configmaps/set --server-side --prune -n default -f - --force-conflicts'
    expect(await says(set, list(2), env)).toContain('configmap/pr2 serverside-applied')
    expect(await says(set, list(1), env)).toContain('configmap/pr2 pruned')
    expect(await refuses('get cm pr2')).toContain('NotFound')
    expect(await says('apply set-last-applied -f - --create-annotation', list(1))).toContain(
      'configured',
    )
    const { code, stdout } = await cluster.kubectl('diff --server-side -f -', list(2))
    expect([code, stdout]).toEqual([1, expect.stringContaining('pr2')])
  })

  it('makes Services, Secrets and Jobs of all sorts', async () => {
    for (const command of [
      'service nodeport np --tcp=80',
      'service externalname en --external-name=a.b',
      'service loadbalancer lb --tcp=80:80',
      'service clusterip headless --clusterip=None',
      'secret docker-registry dr --docker-server=a --docker-username=b --docker-password=c',
      'role logs --verb=get --resource=pods/log --resource-name=a',
    ]) {
      expect(await says(`create ${command}`)).toContain('created')
    }
    const schedule = ['create', 'cronjob', 'cj', '--image=busybox', '--schedule=* * * * *']
    await says([...schedule, '--', 'true'])
    expect(await says('create job --from=cronjob/cj j1')).toContain('created')
    await says('wait --for=condition=complete job/j1 --timeout=60s')
    expect(await says('create token default --duration=10m --audience=x')).toMatch(/^ey/)
    expect(await says('create deployment d2 --image=busybox --dry-run=client -o yaml')).toContain(
      'kind: Deployment',
    )
  })

  it('waits, runs and deletes in every way', async () => {
    expect(await says('wait --for=create cm/pr1 --timeout=5s')).toContain('condition met')
    await says('wait --for=delete cm/none --timeout=5s')
    expect(
      await says('run tmp --image=busybox --rm --restart=Never --attach -- echo hi'),
    ).toContain('hi')
    expect(await says('exec deployment/web -- echo hi')).toBe('hi')
    expect(await says('logs deployment/web --since=1m')).toBe('')
    await says('label pods --all x=y')
    await says('annotate pods --all x=y')
    expect(await says('delete pods -l x=y --now')).toContain('deleted')
    expect(await says('delete pod none --ignore-not-found')).toBe('')
    expect(await says('delete all -l app=web')).toContain('deployment.apps "web" deleted')
    await cluster.hears('proxy --port=0', /Starting to serve on 127\.0\.0\.1:\d+/)
  })

  it('top of the machine, of pods and of their containers', async () => {
    const busy = 'while :; do :; done'
    await says(['run', 'busy', '--image=busybox', '--restart=Never', '--', 'sh', '-c', busy])
    await says('wait pod/busy --for=condition=Ready --timeout=60s')
    expect(await says('top nodes')).toMatch(/^NAME .*\n\S+ +[1-9]\d*m +\d+% +\d+Mi +\d+%/)
    expect(await says('top pods busy')).toMatch(/^NAME .*\nbusy +[1-9]\d*m +\d+Mi/)
    expect(await says('top pods --containers -A')).toMatch(/default +busy +busy +[1-9]\d*m/)
    await says('delete pod busy --now')
  })

  it('the server tells of its requests', async () => {
    expect(await says('get --raw /metrics')).toContain('apiserver_request_total{')
  })
})
