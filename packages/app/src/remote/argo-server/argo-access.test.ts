import { expect, test } from 'vitest'
import { argoAccess } from './argo-access.ts'

const own = {
  ...{ name: 'argosy', namespace: 'team' },
  access: { server: 'https://127.0.0.1:6443', authorization: async () => 'Bearer own' },
}
const kubeconfig = async () => own
const none = async () => undefined

test('without flag or variable a Kubernetes is asked', async () => {
  expect(await argoAccess({}, {}, kubeconfig)).toBeUndefined()
  expect(await argoAccess({}, { ARGO_SERVER: '' }, kubeconfig)).toBeUndefined()
})

test('the environment says where, how, and who', async () => {
  const environment = {
    ARGO_SERVER: 'argo.example:2746',
    ARGO_BASE_HREF: '/argo/',
    ARGO_TOKEN: 'Bearer mine',
    ARGO_NAMESPACE: 'lab',
    ARGO_INSECURE_SKIP_VERIFY: 'true',
  }
  const found = await argoAccess({}, environment, none)
  expect(found).toMatchObject({
    name: 'argo.example:2746',
    namespace: 'lab',
    access: { server: 'https://argo.example:2746/argo', insecure: true },
  })
  expect(await found?.access.authorization?.()).toBe('Bearer mine')
})

test('flags go before the environment, the kubeconfig after it', async () => {
  const flags = { argoServer: 'localhost:1', secure: false }
  const found = await argoAccess(flags, { ARGO_SERVER: 'elsewhere:2' }, kubeconfig)
  expect(found).toMatchObject({ namespace: 'team', access: { server: 'http://localhost:1' } })
  expect(await found?.access.authorization?.()).toBe('Bearer own')
  const plain = await argoAccess({ argoServer: 'h:1' }, { ARGO_SECURE: 'false' }, none)
  expect(plain).toMatchObject({ namespace: 'default', access: { server: 'http://h:1' } })
})

test('headers, a token and certificates may be said', async () => {
  const header = ['x-a:1,x-b: 2', 'X-c:at 10:30']
  const found = await argoAccess({ argoServer: 'h:1', header, token: 'mine' }, {}, kubeconfig)
  expect(found?.access.headers).toEqual({ 'x-a': ['1'], 'x-b': ['2'], 'X-c': ['at 10:30'] })
  expect(await found?.access.authorization?.()).toBe('Bearer mine')
})

test.each([
  [{ header: ['nothing'] }, '--header nothing: expected NAME:VALUE'],
  [{ header: ['a b:c'] }, '--header a b:c: expected NAME:VALUE'],
  [{ clientKey: 'k' }, 'must be provided together'],
  [{ certificateAuthority: '/nowhere/ca' }, '--certificate-authority /nowhere/ca: ENOENT'],
  [{ as: 'ada' }, '--as is for the Kubernetes API'],
])('%j is refused in words', async (flags, words) => {
  await expect(argoAccess({ argoServer: 'h:1', ...flags }, {}, none)).rejects.toThrow(words)
})

test('an address with a scheme is refused: upstream would look for a host of that name', async () => {
  await expect(argoAccess({ argoServer: 'http://h:1' }, {}, none)).rejects.toThrow(
    '--argo-server http://h:1: expected HOST:PORT',
  )
})
