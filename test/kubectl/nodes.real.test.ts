import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Started } from '../e2e/argosy.ts'
import { Cluster, manifest } from './cluster.ts'

let cluster: Cluster
const nodes: Started[] = []

/** A server whose pods two nodes run, both on this machine. */
beforeAll(async () => {
  cluster = await Cluster.open(['--no-node'])
  const { place } = cluster
  for (const name of ['one', 'two']) {
    const flags = ['kubeconfig', '--data-dir', place.path('data'), '--node', name]
    const { stdout } = await place.run(flags)
    const kubeconfig = await place.file(`${name}.kubeconfig`, stdout)
    const node = place.start([
      ...['node', '--kubeconfig', kubeconfig, '--data-dir', place.path(name)],
      ...['--hide', place.path('data')],
    ])
    nodes.push(node)
    await node.says('runs pods of')
  }
  await says('label node two disk=ssd')
})
afterAll(async () => {
  for (const { child } of nodes) child.kill('SIGTERM')
  for (const { ended } of nodes) await ended
  await cluster[Symbol.asyncDispose]()
})

const says = (command: string | readonly string[], input?: string) => cluster.says(command, input)

const pod = (name: string, spec: object = {}) =>
  manifest({
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name } },
    spec: {
      ...{ terminationGracePeriodSeconds: 0, restartPolicy: 'Never' },
      containers: [{ name: 'main', image: 'busybox', command: ['sleep', '600'] }],
      ...spec,
    },
  })

async function run(name: string, spec: object = {}): Promise<string> {
  await says('apply -f -', pod(name, spec))
  await says(`wait pod/${name} --for=condition=Ready --timeout=60s`)
  return says(['get', 'pod', name, '-o', 'jsonpath={.spec.nodeName}'])
}

async function whyNot(name: string, spec: object = {}): Promise<string> {
  await says('apply -f -', pod(name, spec))
  const path = '{.status.conditions[?(@.type=="PodScheduled")].message}'
  const why = () => says(['get', 'pod', name, '-o', `jsonpath=${path}`])
  await expect.poll(why, { timeout: 30_000 }).not.toBe('')
  return why()
}

describe('pods on two nodes', () => {
  it('go where they ask to go, or say why they cannot', async () => {
    const disk = (value: string) => ({ nodeSelector: { disk: value } })
    expect(await run('picky', disk('ssd'))).toBe('two')
    expect(await whyNot('wrong', disk('tape'))).toBe(
      "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.",
    )
    await says('label node one disk=tape')
    await says('wait pod/wrong --for=condition=Ready --timeout=60s')
    expect(await says('get pod wrong -o wide')).toContain('one')
  })

  it('keep away from what they do not tolerate', async () => {
    await says('taint node two gpu=yes:NoSchedule')
    expect(await run('plain')).toBe('one')
    const tolerations = [{ key: 'gpu', operator: 'Exists' }]
    expect(await run('tolerant', { tolerations, nodeSelector: { disk: 'ssd' } })).toBe('two')
    expect(await whyNot('torn', { nodeSelector: { disk: 'ssd' } })).toBe(
      "0/2 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint {gpu: yes}.",
    )
    await says('taint node two gpu-')
    await says('wait pod/torn --for=condition=Ready --timeout=60s')
  })

  it('are driven out by a taint that says so', async () => {
    await run('driven', { nodeSelector: { disk: 'tape' } })
    await says('taint node one out=now:NoExecute')
    await says('wait pod/driven --for=delete --timeout=60s')
    expect(await says('get events')).toContain('TaintManagerEviction')
    await says('taint node one out-')
  })

  it('leave a node that is drained, and come back in another place', async () => {
    await says('create deployment web --image=busybox --replicas=4 -- sleep 600')
    await says('rollout status deployment/web --timeout=60s')
    const drained = await says('drain two --force --ignore-daemonsets --delete-emptydir-data')
    expect(drained).toContain('node/two drained')
    await says('rollout status deployment/web --timeout=60s')
    const where = ['get', 'pods', '-l', 'app=web', '-o', 'jsonpath={.items[*].spec.nodeName}']
    expect(await says(where)).toBe('one one one one')
    expect(await whyNot('late', { nodeSelector: { disk: 'ssd' } })).toBe(
      "0/2 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) were unschedulable.",
    )
    await says('uncordon two')
    await says('wait pod/late --for=condition=Ready --timeout=60s')
  })
})
