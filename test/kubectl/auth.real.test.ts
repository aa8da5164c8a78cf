import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Cluster, manifest } from './cluster.ts'

let cluster: Cluster
beforeAll(async () => {
  cluster = await Cluster.open()
})
afterAll(() => cluster[Symbol.asyncDispose]())

const says = (command: string | readonly string[], input = '') => cluster.says(command, input)
const refuses = (command: string | readonly string[], input = '') => cluster.refuses(command, input)

/** A kubeconfig with other credentials than the administrator's, as kubectl's flags. */
async function as(name: string, user: object): Promise<string> {
  const text = await says('config view --raw -o json')
  const { clusters } = JSON.parse(text) as {
    readonly clusters: readonly [{ readonly name: string }]
  }
  const context = { cluster: clusters[0].name, user: name, namespace: 'default' }
  const config = {
    ...{ apiVersion: 'v1', kind: 'Config', clusters, 'current-context': name },
    users: [{ name, user }],
    contexts: [{ name, context }],
  }
  await cluster.file(`${name}.kubeconfig`, JSON.stringify(config))
  return `--kubeconfig ${name}.kubeconfig`
}

describe('who may do what, with kubectl', () => {
  it('the administrator may do everything, and sees who he is', async () => {
    expect(await says('auth whoami')).toMatch(/Username +admin\n.*system:masters/)
    expect(await says('auth can-i * *')).toBe('yes')
    expect(await says('auth whoami --as jane --as-group devs -o jsonpath={.status.userInfo}')).toBe(
      '{"groups":["devs","system:authenticated"],"username":"jane"}',
    )
  })

  it('roles and bindings let in and keep out', async () => {
    expect(await refuses('get pods --as jane')).toBe(
      'Error from server (Forbidden): pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default"',
    )
    await says('create role reader --verb=get,list,watch --resource=pods,pods/log')
    await says('create rolebinding reader --role=reader --user=jane')
    expect(await says('get pods --as jane')).toBe('')
    expect(await says('auth can-i get pods/log --as jane')).toBe('yes')
    expect((await cluster.kubectl('auth can-i delete pods --as jane')).stdout).toBe('no\n')
    expect((await cluster.kubectl('auth can-i list pods -A --as jane')).stdout).toBe('no\n')
    expect(await refuses('get secrets --as jane')).toContain('cannot list resource "secrets"')
    expect(await says('auth can-i --list --as jane')).toMatch(
      /pods\/log +\[\] +\[\] +\[get list watch\]/,
    )
    await says('create clusterrole spy --verb=get --resource=secrets --resource-name=one')
    await says('create clusterrolebinding spy --clusterrole=spy --group=spies')
    expect(await says('auth can-i get secrets/one --as x --as-group spies')).toBe('yes')
    const two = await cluster.kubectl('auth can-i get secrets/two --as x --as-group spies')
    expect([two.code, two.stdout]).toEqual([1, 'no\n'])
    await says('delete rolebinding reader')
    expect(await refuses('get pods --as jane')).toContain('Forbidden')
  })

  it('nobody gives what he has not', async () => {
    await says('create rolebinding chief --clusterrole=admin --user=chief')
    expect(await refuses('create role nodes --verb=get --resource=nodes --as chief')).toContain(
      'user "chief" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["nodes"], Verbs:["get"]}',
    )
    expect(await says('create role pods --verb=get --resource=pods --as chief')).toContain(
      'created',
    )
    expect(
      await refuses('create rolebinding all --clusterrole=cluster-admin --user=x --as chief'),
    ).toContain('is attempting to grant RBAC permissions not currently held')
  })

  it('a ServiceAccount uses its token', async () => {
    await says('create serviceaccount bot')
    await says('create rolebinding bot --clusterrole=view --serviceaccount=default:bot')
    const token = await says('create token bot --duration=10m')
    const bot = await as('bot', { token })
    expect(await says(`auth whoami ${bot}`)).toContain('system:serviceaccount:default:bot')
    expect(await says(`get configmaps -o name ${bot}`)).toContain('configmap/kube-root-ca.crt')
    expect(await refuses(`get secrets ${bot}`)).toContain(
      'User "system:serviceaccount:default:bot" cannot list resource "secrets"',
    )
    expect(await refuses(`get pods --as admin ${bot}`)).toContain(
      'users "admin" is forbidden: User "system:serviceaccount:default:bot" cannot impersonate resource "users" in API group "" at the cluster scope',
    )
    const other = await as('other', { token: await says('create token bot --audience=vault') })
    expect(await refuses(`get pods ${other}`)).toContain('You must be logged in to the server')
    const forged = await as('forged', { token: `${token.slice(0, -8)}AAAAAAAA` })
    expect(await refuses(`get pods ${forged}`)).toContain('You must be logged in to the server')
    expect(await refuses('create token bot --duration=1m')).toContain(
      'may not specify a duration less than 10 minutes',
    )
    expect(await refuses('create token nobody')).toContain('serviceaccounts "nobody" not found')
    await says('delete serviceaccount bot')
    expect(await refuses(`get configmaps ${bot}`)).toContain('You must be logged in to the server')
  })

  it('tokens outlive a restart of the server', async () => {
    await says('create serviceaccount durable')
    const token = await says('create token durable')
    await cluster.restart()
    const durable = await as('durable', { token })
    expect(await says(`auth whoami ${durable}`)).toContain('system:serviceaccount:default:durable')
  })

  it('a Secret of the old kind is filled with a token', async () => {
    await says('create serviceaccount old')
    await says(
      'apply -f -',
      manifest({
        ...{ apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/service-account-token' },
        metadata: {
          name: 'old-token',
          annotations: { 'kubernetes.io/service-account.name': 'old' },
        },
      }),
    )
    await says('wait secret/old-token --for=jsonpath={.data.token} --timeout=20s')
    const data = await says('get secret old-token -o jsonpath={.data.token}')
    const old = await as('old', { token: Buffer.from(data, 'base64').toString() })
    expect(await says(`auth whoami ${old}`)).toContain('system:serviceaccount:default:old')
  })

  it('a client certificate of our authority says who one is', async ({ skip }) => {
    const openssl = (...args: string[]) =>
      execFileSync('openssl', args, { cwd: cluster.place.dir, stdio: 'ignore' })
    try {
      openssl('version')
    } catch {
      skip('no openssl on this machine')
    }
    openssl(
      ...'req -new -newkey rsa:2048 -nodes -keyout ann.key -out ann.csr'.split(' '),
      ...['-subj', '/O=spies/O=devs/CN=ann'],
    )
    openssl(
      ...'x509 -req -in ann.csr -CA data/pki/ca.crt -CAkey data/pki/ca.key'.split(' '),
      ...'-CAcreateserial -days 2 -out ann.crt'.split(' '),
    )
    const ann = await as('ann', {
      'client-certificate': cluster.place.path('ann.crt'),
      'client-key': cluster.place.path('ann.key'),
    })
    const who = await says(`auth whoami -o json ${ann}`)
    expect(JSON.parse(who)).toMatchObject({
      status: {
        userInfo: { username: 'ann', groups: ['spies', 'devs', 'system:authenticated'] },
      },
    })
    openssl(
      ...'req -x509 -newkey rsa:2048 -nodes -keyout eve.key -out eve.crt -days 2'.split(' '),
      ...['-subj', '/O=system:masters/CN=eve'],
    )
    const eve = await as('eve', {
      'client-certificate': cluster.place.path('eve.crt'),
      'client-key': cluster.place.path('eve.key'),
    })
    expect(await refuses(`get pods ${eve}`)).toMatch(/must be logged in|Unauthorized/)
  })

  it('a step calls the API as its account', async () => {
    await says('create serviceaccount caller')
    await says('create role caller --verb=create,get --resource=configmaps')
    await says('create rolebinding caller --role=caller --serviceaccount=default:caller')
    const source =
      'kubectl create configmap made-by-step --from-literal=a=1 && ! kubectl get secrets'
    await says(
      'create -f -',
      manifest({
        ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow' },
        metadata: { name: 'caller' },
        spec: {
          ...{ entrypoint: 'main', serviceAccountName: 'caller' },
          templates: [{ name: 'main', script: { image: 'alpine', command: ['sh'], source } }],
        },
      }),
    )
    await says('wait workflow/caller --for=jsonpath={.status.finishedAt} --timeout=60s')
    expect(await says('get workflow caller -o jsonpath={.status.phase}')).toBe('Succeeded')
    expect(await says('get configmap made-by-step -o jsonpath={.data.a}')).toBe('1')
    expect(await says('logs caller -c main')).toContain(
      'secrets is forbidden: User "system:serviceaccount:default:caller" cannot list',
    )
  })
})
