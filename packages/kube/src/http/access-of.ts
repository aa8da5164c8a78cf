import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { parseYaml } from '../manifest/parse-yaml.ts'
import type { Access } from './connection.ts'

/** Says what is wrong with a kubeconfig, and where. */
export class KubeconfigError extends Error {
  override readonly name = 'KubeconfigError'
}

export type Fields = Readonly<Record<string, unknown>>

/** An entry, and the folder that its relative paths start from. */
export interface Entry {
  readonly fields: Fields
  readonly folder: string
}

/** The members of a YAML or JSON text; undefined when it holds none. */
export function readFields(file: string, text: string): Fields | undefined {
  const parsed = parseYaml(text)
  if ('problem' in parsed) throw new KubeconfigError(`kubeconfig ${file}: ${parsed.problem}`)
  return fieldsOf(parsed.value)
}

export async function clusterAccess({ fields, folder }: Entry): Promise<Access> {
  const server = textOf(fields['server'])
  if (!server || !URL.canParse(server))
    throw new KubeconfigError(`the cluster's server is no address: ${server}`)
  if (fields['proxy-url']) throw new KubeconfigError('proxy-url is not supported yet')
  const ca = await dataOrFile(fields, 'certificate-authority', folder)
  const servername = textOf(fields['tls-server-name'])
  return {
    server: server.replace(/\/$/, ''),
    ...(ca !== undefined && { ca }),
    ...(servername !== undefined && { servername }),
    ...(fields['insecure-skip-tls-verify'] === true && { insecure: true }),
  }
}

export async function userAccess({ fields, folder }: Entry): Promise<Partial<Access>> {
  if (fields['auth-provider'])
    throw new KubeconfigError('auth-provider is gone from Kubernetes: use exec')
  const [cert, key] = await Promise.all([
    dataOrFile(fields, 'client-certificate', folder),
    dataOrFile(fields, 'client-key', folder),
  ])
  const authorization = authorizationOf(fields, folder)
  const user = textOf(fields['as'])
  const groups = fields['as-groups']
  const uid = textOf(fields['as-uid'])
  return {
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(authorization && { authorization }),
    ...(user !== undefined && {
      impersonate: {
        user,
        ...(Array.isArray(groups) && { groups: groups.map(String) }),
        ...(uid !== undefined && { uid }),
      },
    }),
  }
}

function authorizationOf(fields: Fields, folder: string): Access['authorization'] {
  const token = textOf(fields['token'])
  if (token !== undefined) return async () => `Bearer ${token}`
  const tokenFile = textOf(fields['tokenFile'])
  if (tokenFile !== undefined) return bearerOf(resolve(folder, tokenFile))
  const [user, password] = [textOf(fields['username']), textOf(fields['password'])]
  if (user !== undefined) {
    const basic = Buffer.from(`${user}:${password ?? ''}`).toString('base64')
    return async () => `Basic ${basic}`
  }
  const exec = fieldsOf(fields['exec'])
  return exec && fromProgram(exec)
}

/** Read anew for each request: it is short, and whoever renews it tells nobody. */
export function bearerOf(path: string): () => Promise<string> {
  return async () => `Bearer ${(await readFile(path, 'utf8')).trim()}`
}

const run = promisify(execFile)

/** A credential plugin (client.authentication.k8s.io); its token is used until it expires. */
function fromProgram(exec: Fields): () => Promise<string> {
  const command = textOf(exec['command'])
  if (command === undefined) throw new KubeconfigError('exec: command is missing')
  const args = Array.isArray(exec['args']) ? exec['args'].map(String) : []
  const env = { ...process.env, ...execEnv(exec['env']), KUBERNETES_EXEC_INFO: execInfo(exec) }
  let known: { readonly token: string; readonly until: number } | undefined
  return async () => {
    if (!known || known.until <= Date.now()) known = await askProgram(command, args, env)
    return `Bearer ${known.token}`
  }
}

async function askProgram(command: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  const { stdout } = await run(command, args, { env }).catch((error: Error) => {
    throw new KubeconfigError(`the credential program failed: ${error.message}`)
  })
  const status = fieldsOf(readFields(command, stdout)?.['status'])
  const token = textOf(status?.['token'])
  if (token === undefined)
    throw new KubeconfigError(`${command} gave no token; certificates are not supported yet`)
  const expires = Date.parse(textOf(status?.['expirationTimestamp']) ?? '')
  return { token, until: Number.isNaN(expires) ? Number.POSITIVE_INFINITY : expires - 10_000 }
}

function execEnv(list: unknown): Record<string, string> {
  const pairs = Array.isArray(list) ? list.map(fieldsOf) : []
  return Object.fromEntries(pairs.map((pair) => [String(pair?.['name']), String(pair?.['value'])]))
}

function execInfo(exec: Fields): string {
  const apiVersion = textOf(exec['apiVersion']) ?? 'client.authentication.k8s.io/v1'
  return JSON.stringify({ apiVersion, kind: 'ExecCredential', spec: { interactive: false } })
}

async function dataOrFile(
  fields: Fields,
  name: string,
  folder: string,
): Promise<string | undefined> {
  const data = textOf(fields[`${name}-data`])
  if (data !== undefined) return Buffer.from(data, 'base64').toString('utf8')
  const path = textOf(fields[name])
  if (path === undefined) return undefined
  return readFile(resolve(folder, path), 'utf8').catch((error: Error) => {
    throw new KubeconfigError(`${name} ${path}: ${error.message}`)
  })
}

export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : undefined
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
