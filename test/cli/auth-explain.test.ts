import { afterAll, beforeAll, expect, it } from 'vitest'
import { connect } from '../../packages/app/src/remote/connect.ts'
import { Cli } from './cli.ts'

let cli: Cli

const group = 'rbac.authorization.k8s.io'
const robot = 'system:serviceaccount:argo:robot'

beforeAll(async () => {
  cli = await Cli.open()
  using remote = await connect({ kubeconfig: cli.kubeconfig })
  const create = (api: string, kind: string, object: object) => {
    const apiVersion = api.includes('/apis/') ? `${group}/v1` : 'v1'
    const path = `${api}/${kind.toLowerCase()}s`
    return remote.connection.ask(path, { method: 'POST', body: { apiVersion, kind, ...object } })
  }
  const argo = `/apis/${group}/v1/namespaces/argo`
  const metadata = (name: string) => ({ name, namespace: 'argo' })
  await create('/api/v1/namespaces/argo', 'ServiceAccount', {
    metadata: {
      ...metadata('robot'),
      annotations: { 'workflows.argoproj.io/rbac-rule': "'devs' in groups" },
    },
  })
  await create(argo, 'Role', {
    metadata: metadata('reader'),
    rules: [{ apiGroups: ['argoproj.io'], resources: ['workflows'], verbs: ['get', 'list'] }],
  })
  await create(argo, 'RoleBinding', {
    metadata: metadata('readers'),
    roleRef: { apiGroup: group, kind: 'Role', name: 'reader' },
    subjects: [{ kind: 'ServiceAccount', name: 'robot', namespace: 'argo' }],
  })
})
afterAll(() => cli[Symbol.asyncDispose]())

it('says who one is, and that the masters may do everything', async () => {
  expect(await cli.says('auth explain')).toBe(
    'You are admin, in the groups system:masters, system:authenticated.\n',
  )
  expect(await cli.says('auth explain submit')).toBe(`\
You are admin, in the groups system:masters, system:authenticated.
You may create workflows.argoproj.io in the namespace default.
  (to submit is to create workflows)
  the group system:masters may do everything
`)
})

it('names the binding that gives a right', async () => {
  const said = await cli.run(['auth', 'explain', 'list', 'wf', '-n', 'argo', '--as', robot])
  expect(said).toMatchObject({ code: 0, stderr: '' })
  expect(said.stdout.split('\n').slice(1)).toEqual([
    `${robot} may list workflows.argoproj.io in the namespace argo.`,
    '  RoleBinding argo/readers gives Role reader to ServiceAccount "robot/argo"',
    '',
  ])
})

it('names the nearest one to a right that is missing', async () => {
  const said = await cli.run(['auth', 'explain', 'stop', 'wf', 'x', '-n', 'argo', '--as', robot])
  expect(said.code).toBe(1)
  expect(said.stdout.split('\n').slice(1, 4)).toEqual([
    `${robot} may not update workflows.argoproj.io x in the namespace argo.`,
    '  (to stop is to update workflows)',
    '  RoleBinding argo/readers gives Role reader to ServiceAccount "robot/argo": it allows get, list on workflows, not update',
  ])
  const logs = await cli.run(['auth', 'explain', 'logs', '-n', 'argo', '--as', robot])
  expect([logs.code, logs.stdout]).toEqual([1, expect.stringContaining('get pods/log in the')])
})

it('follows the rules of single sign-on', async () => {
  const ask = (claims: object) =>
    cli.run([
      ...['auth', 'explain', 'get', 'workflows', '-n', 'argo'],
      ...['--claims', JSON.stringify(claims)],
    ])
  const dev = await ask({ sub: 'ada', groups: ['devs'] })
  expect([dev.code, dev.stdout.split('\n')[0]]).toEqual([
    0,
    `Who logs in with these claims acts as ${robot}.`,
  ])
  const other = await ask({ sub: 'eve' })
  expect([other.code, other.stderr]).toEqual([
    1,
    "argosy: no service account's rbac-rule in argo is for these claims\n",
  ])
})

it('does not know every word', async () => {
  const said = await cli.run('auth explain get nonsense')
  expect([said.code, said.stderr]).toEqual([1, 'argosy: the server has no resource "nonsense"\n'])
  expect((await cli.run('auth explain get wf --claims no')).code).toBe(2)
})
