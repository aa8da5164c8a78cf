import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Artifact } from '../../packages/engine/src/index.ts'
import { driverContract } from '../../packages/executor/src/artifacts/driver.contract.ts'
import { hdfsDriver } from '../../packages/executor/src/artifacts/hdfs.ts'
import { absent, present, readExamples } from '../conformance/documents.ts'
import { Workplace } from '../e2e/argosy.ts'
import { HdfsCluster } from './hdfs-cluster.ts'

let cluster: HdfsCluster
let room: string
let runs = 0

beforeAll(async () => {
  cluster = await HdfsCluster.start(3, {
    'dfs.blocksize': '1048576',
    'dfs.replication': '2',
    'dfs.namenode.replication.min': '1',
  })
})
afterAll(() => cluster?.[Symbol.asyncDispose]())

beforeEach(async () => {
  room = await mkdtemp(join(tmpdir(), 'argosy-hdfs-'))
  return () => rm(room, { recursive: true })
})

const user = 'somebody'
const plain = { archive: { none: {} } }
const at = (path: string, more: object = {}): Artifact => ({
  name: 'art',
  hdfs: { addresses: [...cluster.addresses], hdfsUser: user, path, force: true, ...more },
  ...plain,
})

driverContract({
  name: 'hdfs',
  flat: true,
  open() {
    runs += 1
    return hdfsDriver()
  },
  at: (key) => ({ hdfs: at(`/contract/${runs}/${key}`).hdfs ?? {} }),
  listed: (key) => `/contract/${runs}/${key}`,
})

async function md5Of(file: string): Promise<string> {
  const hash = createHash('md5')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

describe('Hadoop and we', () => {
  // Around whole sums, packets and blocks.
  test.each([0, 1, 511, 512, 513, 64_512, 64_513, 2 ** 20 - 1, 2 ** 20, 2 ** 20 + 1, 5_000_000])(
    'read what the other wrote: %d bytes',
    async (size) => {
      const bytes = randomBytes(size)
      await writeFile(join(room, 'in'), bytes)
      await hdfsDriver().save({ path: join(room, 'in'), settled: true }, at(`/ours-${size}`))
      const sum = createHash('md5').update(bytes).digest('hex')
      expect(await cluster.ask('md5', `/ours-${size}`)).toBe(sum)
      const theirs = await cluster.ask('put', `/theirs-${size}`, String(size))
      await hdfsDriver().load(at(`/theirs-${size}`), join(room, 'out'))
      expect(await md5Of(join(room, 'out'))).toBe(theirs)
    },
  )

  test('keep the same sums, as many times as the cluster wants it', async () => {
    await save('/sums', 'text')
    expect(await cluster.ask('checksum', '/sums')).toBe('MD5-of-0MD5-of-512CRC32C')
    expect(await cluster.ask('replicas', '/sums')).toBe('2')
  })

  test('agree on who may do what', async () => {
    await cluster.ask('mkdir', '/private')
    await expect(save('/private/a', 'text')).rejects.toMatchObject({
      reason: 'Forbidden',
      message: expect.stringMatching(
        /^hdfs: create \/private\/.* at 127.*: Permission denied: user=somebody, access=EXECUTE, inode="\/private"/,
      ),
    })
    await expect(hdfsDriver().list(at('/private'))).rejects.toMatchObject({ reason: 'Forbidden' })
  })

  test('agree on what is there already', async () => {
    await save('/taken', 'old')
    await expect(save('/taken', 'new', { force: false })).rejects.toMatchObject({
      reason: 'AlreadyExists',
    })
    await expect(save('/taken/below', 'new')).rejects.toThrow('Path is not a directory: /taken')
    await save('/taken', 'new')
    expect(await cluster.ask('md5', '/taken')).toBe(md5('new'))
  })

  test('read a block whose first replica is damaged', async () => {
    const sum = await cluster.ask('put', '/damaged', '700000')
    expect(await cluster.ask('corrupt', '/damaged')).toBe('1')
    for (const out of ['a', 'b', 'c']) {
      await hdfsDriver().load(at('/damaged'), join(room, out))
      expect(await md5Of(join(room, out))).toBe(sum)
    }
  })

  test('go on when the name nodes change places, after a while in which none is active', async () => {
    await save('/before', 'text')
    for (const name of ['once', 'again']) {
      await cluster.ask('standby')
      const saved = save(`/after/${name}`, name)
      await cluster.ask('activate')
      await saved
      expect(await cluster.ask('md5', `/after/${name}`)).toBe(md5(name))
    }
    await hdfsDriver().load(at('/before'), join(room, 'out'))
    expect(await md5Of(join(room, 'out'))).toBe(md5('text'))
  })

  test('write whole files where others are erasure coded, which cannot be read', async () => {
    await cluster.ask('stripe', '/striped')
    await cluster.ask('put', '/striped/theirs', '3000000')
    await expect(hdfsDriver().load(at('/striped/theirs'), join(room, 'no'))).rejects.toThrow(
      'hdfs: /striped/theirs cannot be read: it is erasure coded',
    )
    await save('/striped/ours', 'text')
    expect(await cluster.ask('md5', '/striped/ours')).toBe(md5('text'))
    await hdfsDriver().load(at('/striped/ours'), join(room, 'out'))
    expect(await md5Of(join(room, 'out'))).toBe(md5('text'))
  })

  test('wait for the end of safe mode elsewhere', async () => {
    await cluster.ask('safemode', 'SAFEMODE_ENTER')
    await expect(save('/safe', 'text')).rejects.toMatchObject({
      reason: 'ServiceUnavailable',
      message: expect.stringContaining('Name node is in safe mode'),
    })
    await cluster.ask('safemode', 'SAFEMODE_LEAVE')
    await save('/safe', 'text')
  })

  test('hold little of a large file in memory', async () => {
    const sum = await cluster.ask('put', '/large', String(200 * 2 ** 20))
    const before = process.memoryUsage().rss
    let most = 0
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss - before)
    }, 20)
    await hdfsDriver().load(at('/large'), join(room, 'out'))
    await hdfsDriver().save({ path: join(room, 'out'), settled: true }, at('/large-again'))
    clearInterval(watch)
    expect(await cluster.ask('md5', '/large-again')).toBe(sum)
    expect(most).toBeLessThan(120 * 2 ** 20)
  })

  test('do without a data node that is gone, which the name node does not know yet', async () => {
    await save('/three', 'text')
    await cluster.ask('stop', '0')
    for (const name of ['a', 'b', 'c', 'd']) await save(`/gone/${name}`, name)
    for (const name of ['a', 'b', 'c', 'd']) {
      expect(await cluster.ask('md5', `/gone/${name}`)).toBe(md5(name))
    }
    await hdfsDriver().load(at('/three'), join(room, 'out'))
    expect(await md5Of(join(room, 'out'))).toBe(md5('text'))
  })
})

const cipherSuites = 'dfs.encrypt.data.transfer.cipher.suites'

describe.each([
  // A wish of the cluster's that its data nodes leave to their callers.
  ['SASL', { 'dfs.encrypt.data.transfer.algorithm': '3des' }],
  ['AES', { [cipherSuites]: 'AES/CTR/NoPadding' }],
])('a cluster that encrypts by %s', (_, settings) => {
  test('is written to and read from', async () => {
    await using secret = await HdfsCluster.start(2, {
      'dfs.encrypt.data.transfer': 'true',
      'dfs.block.access.token.enable': 'true',
      'dfs.blocksize': '1048576',
      'dfs.replication': '2',
      ...settings,
    })
    const place = (path: string) =>
      at(path, { addresses: [...secret.addresses], dataTransferProtection: 'privacy' })
    const sum = await secret.ask('put', '/theirs', '3000001')
    await hdfsDriver().load(place('/theirs'), join(room, 'out'))
    expect(await md5Of(join(room, 'out'))).toBe(sum)
    await hdfsDriver().save({ path: join(room, 'out'), settled: true }, place('/ours'))
    expect(await secret.ask('md5', '/ours')).toBe(sum)
  })
})

describe('workflows', () => {
  let place: Workplace
  beforeEach(async () => {
    place = await Workplace.open()
    return () => place[Symbol.asyncDispose]()
  })

  if (!present) console.warn(`skipped: ${absent}`)

  test.skipIf(!present)('upstream’s example keeps its artifact in Hadoop', async () => {
    const text = JSON.stringify(readExamples().get('hdfs-artifact.yaml')?.document.object)
    const [first = '', second = ''] = cluster.addresses
    const here = text
      .replaceAll(/my-hdfs-namenode-0[^"]*:8020/g, first)
      .replaceAll(/my-hdfs-namenode-1[^"]*:8020/g, second)
    const file = await place.file('example.json', here)
    const { code, stdout, stderr } = await place.run(['run', file, '--log'])
    expect(stderr).toBe('')
    expect(stdout).toMatch(/print-message-from-hdfs-\d+: hello world/)
    expect(code).toBe(0)
    expect(await cluster.ask('md5', '/tmp/argo/foo')).toMatch(/^[0-9a-f]{32}$/)
  })

  test('a directory is written, listed, read, and deleted when all is over', async () => {
    const file = await place.file('tree.json', JSON.stringify(treeWorkflow()))
    const { code, stdout } = await place.run(['run', file, '--log'])
    expect(stdout).toMatch(/-list-\d+: \["\/tree\/kept\/one","\/tree\/kept\/sub\/two"\]/)
    expect(stdout).toMatch(/-show-\d+: one\n.*-show-\d+: two/)
    expect(code).toBe(0)
    expect(await hdfsDriver().isDirectory(at('/tree'))).toBe(true)
    expect(await hdfsDriver().isDirectory(at('/tree/kept'))).toBe(false)
  })
})

function treeWorkflow() {
  const hdfs = at('/tree/kept').hdfs
  const make = 'mkdir -p /tmp/t/sub && echo one > /tmp/t/one && echo two > /tmp/t/sub/two'
  const step = (name: string, more: object = {}) => [{ name, template: name, ...more }]
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { generateName: 'tree-' },
    spec: {
      entrypoint: 'main',
      artifactGC: { strategy: 'OnWorkflowCompletion' },
      templates: [
        { name: 'main', steps: [step('make'), step('find'), step('list', given), step('show')] },
        {
          name: 'make',
          script: { image: 'busybox', command: ['sh'], source: make },
          outputs: { artifacts: [{ name: 'tree', path: '/tmp/t', ...plain, hdfs }] },
        },
        {
          name: 'find',
          data: {
            source: { artifactPaths: { name: 'tree', hdfs } },
            transformation: [{ expression: 'sort(data)' }],
          },
        },
        {
          name: 'list',
          inputs: { parameters: [{ name: 'paths' }] },
          script: {
            image: 'busybox',
            command: ['sh'],
            source: "echo '{{inputs.parameters.paths}}'",
          },
        },
        {
          name: 'show',
          inputs: { artifacts: [{ name: 'tree', path: '/tmp/in', ...plain, hdfs }] },
          script: { image: 'busybox', command: ['sh'], source: 'cat /tmp/in/one /tmp/in/sub/two' },
        },
      ],
    },
  }
}

const given = {
  arguments: { parameters: [{ name: 'paths', value: '{{steps.find.outputs.result}}' }] },
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex')

async function save(path: string, text: string, more: object = {}): Promise<void> {
  await writeFile(join(room, 'in'), text)
  await hdfsDriver().save({ path: join(room, 'in'), settled: true }, at(path, more))
}
