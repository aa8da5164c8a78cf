import { resources } from '@argosy/kube'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { Sso } from '../../packages/server/src/index.ts'
import { type ArgoApi, openArgoApi } from '../server/argo-api.ts'
import { type OpenIdProvider, openIdProvider } from '../server/oidc.ts'
import { buildPages, startChromium } from './pages.ts'

/** Logging in and out, in a real browser, at a real server, below a path of its own. */

const systemNow = { now: () => Date.now() }

let browser: Browser
let uiDirectory: string
let api: ArgoApi
let provider: OpenIdProvider
let page: Page

beforeAll(async () => {
  uiDirectory = await buildPages()
  browser = await startChromium()
}, 120_000)
afterAll(() => browser?.close())

beforeEach(async () => {
  api = await openArgoApi(({ client, clock }) => ({
    ...{ baseHref: '/argo', modes: ['sso', 'client'], uiDirectory },
    sso: new Sso({
      ...{ client, namespace: 'argo', log: () => undefined },
      clock: { ...clock, ...systemNow },
    }),
    clock: { ...clock, ...systemNow },
    authorize: async () => ({ allowed: true, reason: '' }),
  }))
  provider = await openIdProvider(
    { ada: { name: 'Ada', groups: ['admins'] }, eve: { name: 'Eve' } },
    {
      ...{ client_id: 'argo', client_secret: 'hush' },
      redirect_uris: [`${api.url}/oauth2/callback`],
    },
  )
  page = await (await browser.newContext()).newPage()
  page.on('pageerror', (error) => {
    throw error
  })
})
afterEach(async () => {
  await page.context().close()
  await provider[Symbol.asyncDispose]()
  await api[Symbol.asyncDispose]()
})

const heading = (name: string) => page.getByRole('heading', { name, level: 1 })

async function singleSignOn(): Promise<void> {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'argo' } }
  const data = { id: btoa('argo'), secret: btoa('hush') }
  await api.client.create(resources.secrets, { ...secret, ...{ data } })
  const metadata = { name: 'workflow-controller-configmap', namespace: 'argo' }
  const sso = {
    ...{ issuer: provider.issuer, scopes: ['profile'], rbac: { enabled: true } },
    clientId: { name: 's', key: 'id' },
    clientSecret: { name: 's', key: 'secret' },
  }
  await api.client.create(resources.configMaps, {
    ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { sso: JSON.stringify(sso) } },
  })
  const rule = { 'workflows.argoproj.io/rbac-rule': "'admins' in groups" }
  const account = { name: 'bosses', namespace: 'argo', annotations: rule }
  await api.client.create(resources.serviceAccounts, {
    ...{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: account },
  })
}

test('a token opens the page that was wanted, and is forgotten again', async () => {
  await page.goto(`${api.url}/workflow-templates`)
  await heading('Log in').waitFor()
  await page.getByLabel('A token of Kubernetes').fill('nonsense')
  await page.locator('form').getByRole('button', { name: 'Log in' }).click()
  await page.getByText('The server does not know this token').waitFor()
  await page.getByLabel('A token of Kubernetes').fill('Bearer admin')
  await page.locator('form').getByRole('button', { name: 'Log in' }).click()
  await heading('Templates').waitFor()
  expect(new URL(page.url()).pathname).toBe('/argo/workflow-templates')
  expect(await page.evaluate('document.cookie')).toBe('')
  await page.goto(`${api.url}/settings`)
  await page.getByRole('button', { name: 'Log out' }).click()
  await heading('Log in').waitFor()
  await page.reload()
  await heading('Log in').waitFor()
})

test('single sign-on leads to the provider, and back to the page that was wanted', async () => {
  await singleSignOn()
  provider.person = 'ada'
  await page.goto(`${api.url}/settings`)
  await page.getByRole('link', { name: 'Log in' }).click()
  await heading('Settings').waitFor()
  await page.getByText('Ada', { exact: true }).waitFor()
  await page.getByText('bosses in argo').waitFor()
})

test('who may do nothing is told so, and by whom that can be changed', async () => {
  await singleSignOn()
  provider.person = 'eve'
  await page.goto(`${api.url}/workflows`)
  await page.getByRole('link', { name: 'Log in' }).click()
  await page.getByText('You are logged in, and may do nothing here yet').waitFor()
  await page.getByText('no groups').waitFor()
  await page.getByRole('button', { name: 'Log out' }).click()
  await page.getByRole('heading', { name: 'Single sign-on' }).waitFor()
})
