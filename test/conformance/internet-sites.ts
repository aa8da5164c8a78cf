import type { IncomingHttpHeaders } from 'node:http'
import { fileIn } from './internet-repositories.ts'

/** Whose places are taken; `*.` stands for any name before it. */
export const siteNames: readonly string[] = [
  'raw.githubusercontent.com',
  'github.com',
  'httpbin.org',
  'google.com',
  'storage.googleapis.com',
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
    return {
      headers: { 'Content-Type': 'application/json' },
      body: '{"access_token": "let-me-in", "token_type": "bearer"}',
    }
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

const sites: Readonly<Record<string, Site>> = {
  'raw.githubusercontent.com': rawFiles,
  'github.com': repositoryFiles,
  'httpbin.org': statuses,
  'google.com': () => ({ body: '<title>google</title>' }),
  'storage.googleapis.com': () => ({ body: kubectl }),
  'mywebhdfsprovider.com': files,
  artifactory: files,
}

export async function answerOf(told: Told, all: Sites): Promise<Answer> {
  const site = sites[told.host]
  return site === undefined ? missing : site(told, all)
}
