import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { JsonObject } from '@argosy/engine'
import { StatusError } from '@argosy/kube'
import { answered, form, type Granted, renewed, type Token } from './access-token.ts'

/** Where Azure's programs look for who they are, and what time it is. */
export interface AzureWorld {
  readonly env: Readonly<Record<string, string | undefined>>
  now(): number
  /** Where a virtual machine asks who it is. */
  readonly metadata: string
}

export const azureWorld: AzureWorld = {
  env: process.env,
  now: Date.now,
  metadata: 'http://169.254.169.254',
}

const resource = 'https://storage.azure.com'
/** Elsewhere than in Azure nobody answers there. */
const metadataMs = 1000

/**
 * Tokens of whoever this machine is to Azure, in the order of its SDKs: a service principal in the environment, a workload
 * identity, the machine's own identity, who has logged in with `az`. The first two are final when they are configured.
 */
export function azureToken(world: AzureWorld): Token {
  return renewed(world, async (signal) => {
    const principal = await principalIn(world.env)
    if (principal)
      return granted(world, await answered('azure', tokenRequest(world, principal, signal)))
    const hosted = await appIdentity(world, signal)
    if (hosted) return granted(world, hosted)
    const machine = await asked(machineIdentity(world, signal), signal)
    if (typeof machine !== 'string') return granted(world, machine)
    const person = await asked(loggedIn(world, signal), signal)
    if (typeof person !== 'string') return granted(world, person)
    const words = `no credentials for Azure: set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or log in with az (the machine's identity: ${machine}; az: ${person})`
    throw new StatusError('BadRequest', words)
  })
}

/** A failure is a reason to ask the next one. */
async function asked(
  answer: Promise<JsonObject>,
  signal: AbortSignal | undefined,
): Promise<JsonObject | string> {
  try {
    return await answer
  } catch (error) {
    signal?.throwIfAborted()
    return (error as Error).message
  }
}

type Proof = Readonly<Record<string, string>>

async function principalIn(env: AzureWorld['env']): Promise<Proof | undefined> {
  const { AZURE_TENANT_ID, AZURE_CLIENT_ID: id, AZURE_CLIENT_SECRET: secret } = env
  const file = env['AZURE_FEDERATED_TOKEN_FILE']
  if (!AZURE_TENANT_ID || !id) return undefined
  if (secret) return { client_id: id, client_secret: secret }
  if (env['AZURE_CLIENT_CERTIFICATE_PATH']) {
    const words = 'AZURE_CLIENT_CERTIFICATE_PATH is not supported: set AZURE_CLIENT_SECRET'
    throw new StatusError('BadRequest', `azure.useSDKCreds: ${words}`)
  }
  if (!file) return undefined
  return {
    client_id: id,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: (await readFile(file, 'utf8')).trim(),
  }
}

function tokenRequest({ env }: AzureWorld, proof: Proof, signal: AbortSignal | undefined) {
  const host = (env['AZURE_AUTHORITY_HOST'] || 'https://login.microsoftonline.com').replace(
    /\/+$/,
    '',
  )
  const tenant = encodeURIComponent(env['AZURE_TENANT_ID'] ?? '')
  const wish = { grant_type: 'client_credentials', scope: `${resource}/.default` }
  return form(`${host}/${tenant}/oauth2/v2.0/token`, { ...wish, ...proof }, signal)
}

/** Of App Service, Functions and Container Apps: they say where they are asked. */
async function appIdentity({ env }: AzureWorld, signal: AbortSignal | undefined) {
  const { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: header } = env
  if (!endpoint || !header) return undefined
  const url = identityUrl(endpoint, '2019-08-01', env)
  return answered('azure', { method: 'GET', url, headers: [['X-IDENTITY-HEADER', header]], signal })
}

function machineIdentity({ env, metadata }: AzureWorld, signal: AbortSignal | undefined) {
  const url = identityUrl(`${metadata}/metadata/identity/oauth2/token`, '2018-02-01', env)
  const soon = AbortSignal.any([AbortSignal.timeout(metadataMs), ...(signal ? [signal] : [])])
  return answered('azure', { method: 'GET', url, headers: [['Metadata', 'true']], signal: soon })
}

function identityUrl(endpoint: string, version: string, env: AzureWorld['env']): string {
  const url = new URL(endpoint)
  url.searchParams.set('api-version', version)
  url.searchParams.set('resource', resource)
  const id = env['AZURE_CLIENT_ID']
  if (id) url.searchParams.set('client_id', id)
  return url.href
}

async function loggedIn({ env }: AzureWorld, signal: AbortSignal | undefined): Promise<JsonObject> {
  const tenant = env['AZURE_TENANT_ID']
  const args = ['account', 'get-access-token', '--output', 'json', '--resource', resource]
  const { stdout } = await promisify(execFile)(
    'az',
    [...args, ...(tenant ? ['--tenant', tenant] : [])],
    { env: { ...env }, timeout: 30_000, ...(signal && { signal }) },
  )
  return JSON.parse(stdout) as JsonObject
}

/** Each of them has words of its own for the same. */
function granted({ now }: AzureWorld, answer: JsonObject): Granted {
  const token = answer['access_token'] ?? answer['accessToken']
  const until = Number(answer['expires_on'])
  const seconds = Number(answer['expires_in'] ?? until - now() / 1000)
  if (typeof token === 'string' && Number.isFinite(seconds)) return { token, seconds }
  throw new StatusError('BadRequest', 'azure: an answer without a token, or without its end')
}
