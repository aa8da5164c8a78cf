import type { IncomingHttpHeaders } from 'node:http'
import { fileIn } from './internet-repositories.ts'

/** Whose places are taken; `*.` stands for any name before it. */
export const siteNames: readonly string[] = [
  'raw.githubusercontent.com',
  'github.com',
  'httpbin.org',
  'google.com',
  'storage.googleapis.com',
  'oauth2.googleapis.com',
  'myazurestorageaccountname.blob.core.windows.net',
  '*.oss-cn-hangzhou-zmf.aliyuncs.com',
  'mywebhdfsprovider.com',
  'artifactory',
  'minio',
  's3.amazonaws.com',
  '*.s3.amazonaws.com',
  's3.us-west-2.amazonaws.com',
  '*.s3.us-west-2.amazonaws.com',
  's3.dualstack.us-west-2.amazonaws.com',
  '*.s3.dualstack.us-west-2.amazonaws.com',
]

/** A request. */
export interface Told {
  readonly host: string
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

export interface Sites {
  /** The bare repositories. */
  readonly folder: string
  /** What has been put somewhere, by host and path. */
  readonly stored: Map<string, Buffer>
}

type Site = (told: Told, sites: Sites) => Answer | Promise<Answer>

const missing: Answer = { status: 404, body: 'not found' }
const token: Answer = {
  headers: { 'Content-Type': 'application/json' },
  body: '{"access_token": "let-me-in", "expires_in": 3600, "token_type": "bearer"}',
}
const wrong: Answer = { status: 401, body: 'who are you?' }

/** Knows two commits: one that is there, and one that is none. */
const rawFiles: Site = ({ url }) =>
  url.includes('/4e450e250168e6b4d51a126b784e90b11a0162bc/')
    ? { headers: { 'Content-Type': 'text/plain' }, body: '{"swagger": "2.0"}' }
    : missing

const repositoryFiles: Site = async ({ url }, { folder }) => {
  const [path = ''] = url.split('?')
  // Plain files: a client that asks for the smart protocol falls back.
  const body = await fileIn(folder, decodeURIComponent(path))
  return body === undefined ? missing : { body }
}

const statuses: Site = ({ url }) => ({ status: Number(url.split('/').at(-1)) })

const kubectl = '#!/bin/sh\necho "Client Version: v1.8.0 ($1)"\n'

/** Whoever has the token may read, whoever shows a certificate or a name may write. */
const files: Site = ({ host, method, url, headers, body }, { stored }) => {
  const [path = ''] = url.split('?')
  if (path.endsWith('/token')) {
    return token
  }
  const key = `${host}${path}`
  if (method === 'PUT') {
    stored.set(key, body)
    return { status: 201 }
  }
  if (headers.authorization === undefined) return wrong
  const found = stored.get(key)
  return found === undefined ? missing : { body: found }
}

/** Google's objects, of which each bucket has what has been put there; and a program that once was among them. */
const googleObjects: Site = ({ url, method, headers, body }, { stored }) => {
  const { pathname, searchParams } = new URL(url, 'https://storage.googleapis.com')
  if (pathname.startsWith('/kubernetes-release/')) return { body: kubectl }
  if (headers.authorization !== 'Bearer let-me-in') return wrong
  const [, bucket = '', key = ''] = /\/b\/([^/]+)\/o(?:\/(.+))?$/.exec(pathname) ?? []
  const place = (name: string) => `gcs/${bucket}/${decodeURIComponent(name)}`
  if (method === 'POST') {
    stored.set(place(searchParams.get('name') ?? ''), body)
    return { body: '{}' }
  }
  if (key !== '') {
    const found = stored.get(place(key))
    return found === undefined ? missing : { body: found }
  }
  return { body: JSON.stringify({ items: below(stored, place(searchParams.get('prefix') ?? '')) }) }
}

function below(stored: ReadonlyMap<string, Buffer>, start: string) {
  const names = [...stored.keys()].filter((name) => name.startsWith(start))
  return names.map((name) => ({ name: name.split('/').slice(2).join('/') }))
}

/** Azure's blobs: blocks, then the list that says which they are. */
const azureBlobs: Site = ({ host, url, method, headers, body }, { stored }) => {
  const { pathname, searchParams } = new URL(url, `https://${host}`)
  if (!headers.authorization?.startsWith('SharedKey myazurestorageaccountname:')) return wrong
  const name = `${host}${decodeURIComponent(pathname)}`
  if (method !== 'PUT') {
    const isList = searchParams.get('comp') === 'list'
    if (isList) return { body: '<EnumerationResults><Blobs></Blobs></EnumerationResults>' }
    const found = stored.get(name)
    return found === undefined ? missing : { body: found }
  }
  if (searchParams.get('comp') === 'block') {
    stored.set(`${name}?${searchParams.get('blockid')}`, body)
  } else {
    const ids = [...body.toString().matchAll(/<Latest>([^<]+)<\/Latest>/g)]
    const blocks = ids.map(([, id]) => stored.get(`${name}?${id}`) ?? Buffer.alloc(0))
    stored.set(name, Buffer.concat(blocks))
  }
  return { status: 201 }
}

const sites: Readonly<Record<string, Site>> = {
  'raw.githubusercontent.com': rawFiles,
  'github.com': repositoryFiles,
  'httpbin.org': statuses,
  'google.com': () => ({ body: '<title>google</title>' }),
  'storage.googleapis.com': googleObjects,
  'oauth2.googleapis.com': () => token,
  'myazurestorageaccountname.blob.core.windows.net': azureBlobs,
  'mywebhdfsprovider.com': files,
  artifactory: files,
}

export async function answerOf(told: Told, all: Sites): Promise<Answer> {
  const site = sites[told.host]
  return site === undefined ? missing : site(told, all)
}
