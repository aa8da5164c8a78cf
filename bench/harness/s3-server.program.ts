import { createReadStream, createWriteStream, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream/promises'

/**
 * As little of S3 as an upload in parts and a download need, straight to and from files: what a benchmark measures is
 * ours, and nothing is held in memory. It prints its port, and ends with its standard input.
 */
const dir = process.argv[2] ?? ''
let uploads = 0

const server = createServer((request, response) => {
  answer(request, response).catch((error: Error) => {
    response.writeHead(500)
    response.end(error.message)
  })
})
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
})
process.stdin.on('end', () => process.exit(0)).resume()

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://here')
  const key = `${dir}/${encodeURIComponent(url.pathname)}`
  const part = url.searchParams.get('partNumber')
  if (request.method === 'POST') return upload(url, request, response)
  if (request.method === 'GET') return download(key, response)
  if (request.method !== 'PUT') return void response.writeHead(204).end()
  if (part === null) {
    rmSync(key, { recursive: true, force: true })
    mkdirSync(key)
  }
  await pipeline(request, createWriteStream(`${key}/${(part ?? '1').padStart(5, '0')}`))
  response.setHeader('ETag', '"x"').end()
}

async function upload(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const key = `${dir}/${encodeURIComponent(url.pathname)}`
  if (url.searchParams.has('uploads')) {
    rmSync(key, { recursive: true, force: true })
    mkdirSync(key)
    uploads += 1
    const id = `<UploadId>${uploads}</UploadId>`
    const result = 'InitiateMultipartUploadResult'
    response.end(`<${result}><Bucket>b</Bucket><Key>k</Key>${id}</${result}>`)
    return
  }
  request.resume()
  const result = 'CompleteMultipartUploadResult'
  response.end(`<${result}><Bucket>b</Bucket><Key>k</Key><ETag>"x"</ETag></${result}>`)
}

async function download(key: string, response: ServerResponse): Promise<void> {
  const parts = readdirSync(key).sort()
  async function* bytes() {
    for (const part of parts) yield* createReadStream(`${key}/${part}`)
  }
  response.writeHead(200)
  await pipeline(bytes, response)
}
