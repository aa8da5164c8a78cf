import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { Artifact } from '@argosy/engine'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { driverContract } from './driver.contract.ts'
import { NameNode } from './hdfs/name-node.ts'
import { listening, StandIn } from './hdfs/stand-in.fixture.ts'
import { hdfsDriver } from './hdfs.ts'

const open: StandIn[] = []
let standIn: StandIn

beforeEach(async () => {
  standIn = await StandIn.open(3)
  open.push(standIn)
})
afterEach(async () => {
  for (const one of open.splice(0)) await one[Symbol.asyncDispose]()
})

const plain = { archive: { none: {} } }
const at = (path: string, more: object = {}): Artifact => ({
  name: 'art',
  hdfs: { addresses: [standIn.address], hdfsUser: 'root', path, force: true, ...more },
  ...plain,
})

driverContract({
  name: 'hdfs',
  flat: true,
  open: () => hdfsDriver(),
  at: (key) => ({ hdfs: at(`/${key}`).hdfs ?? {} }),
  listed: (key) => `/${key}`,
})

describe('an hdfs artifact', () => {
  let room: string
  beforeEach(async () => {
    room = await mkdtemp(join(tmpdir(), 'argosy-hdfs-'))
    await writeFile(join(room, 'in'), Buffer.alloc(3 * 2 ** 20 + 5, 'abcdefg'))
    return () => rm(room, { recursive: true })
  })
  const save = (artifact: Artifact, signal?: AbortSignal) =>
    hdfsDriver().save({ path: join(room, 'in'), settled: true }, artifact, signal)
  const same = async (artifact: Artifact) =>
    (await readFile(join(room, 'in'))).equals(await buffer(await hdfsDriver().open(artifact)))

  test('is written and read in blocks, by whom it names', async () => {
    await save(at('/a/b'))
    expect(await same(at('/a/b'))).toBe(true)
    expect(standIn.heard.filter(({ method }) => method === 'addBlock').length).toBe(4)
    expect(new Set(standIn.heard.map(({ user }) => user))).toEqual(new Set(['root']))
    expect(standIn.paths).toEqual(['/', '/a', '/a/b'])
  })

  test('replaces nothing without force', async () => {
    await save(at('/a'))
    await expect(save(at('/a', { force: false }))).rejects.toMatchObject({
      reason: 'AlreadyExists',
      message: 'hdfs: /a is there already; hdfs.force lets it be replaced',
    })
  })

  test('keeps what was there, and leaves nothing beside it, when a save fails', async () => {
    await save(at('/a'))
    standIn.throws.set('addBlock', { exception: 'java.io.IOException', message: 'no' })
    await writeFile(join(room, 'in'), 'new')
    await expect(save(at('/a'))).rejects.toThrow(/^hdfs: addBlock \/\.a\..* at 127.0.0.1:\d+: no$/)
    expect(standIn.paths).toEqual(['/', '/a'])
  })

  test('waits for data nodes that are late', async () => {
    standIn.slowBlocks = 2
    await save(at('/a'))
    expect(await same(at('/a'))).toBe(true)
  })

  test.each(['refuses', 'lies', 'goes'] as const)(
    'is read on from the next data node when one %s',
    async (fault) => {
      await save(at('/a'))
      const [first = 0, second = 0] = standIn.data.ports
      standIn.data.faults.set(first, fault)
      expect(await same(at('/a'))).toBe(true)
      expect(standIn.data.asked).toContain(second)
    },
  )

  test.each(['refuses', 'lies', 'goes'] as const)(
    'is written without a data node that %s',
    async (fault) => {
      const [first = 0, second = 0] = standIn.data.ports
      standIn.data.faults.set(first, fault)
      await save(at('/a'))
      expect(standIn.data.asked.slice(0, 2)).toEqual([first, second])
      expect(await same(at('/a'))).toBe(true)
    },
  )

  test('leaves no connection open when its reader has enough', async () => {
    await save(at('/a'))
    const stream = await hdfsDriver().open(at('/a'))
    await once(stream, 'readable')
    expect(standIn.data.open).toBe(1)
    stream.destroy()
    await expect.poll(() => standIn.data.open).toBe(0)
  })

  test('names every data node that failed, and why, when none is left', async () => {
    await save(at('/a'))
    for (const port of standIn.data.ports) standIn.data.faults.set(port, 'refuses')
    const nodes = standIn.data.ports.map((port) => `127.0.0.1:${port}: ERROR: no room`).join('; ')
    await expect(buffer(await hdfsDriver().open(at('/a')))).rejects.toThrow(
      `hdfs: block blk_1 of /a: ${nodes}`,
    )
    await expect(save(at('/b'))).rejects.toThrow(`cannot be written: ${nodes}`)
  })

  test.each([
    [6, 'it is in an encryption zone, whose keys are elsewhere'],
    [7, 'it is erasure coded, and only replicated files can be read'],
  ])('that simple means cannot read is refused: %#', async (field, why) => {
    await save(at('/a'))
    standIn.hindrance = field
    const read = hdfsDriver().load(at('/a'), join(room, 'out'))
    await expect(read).rejects.toThrow(`hdfs: /a cannot be read: ${why}`)
  })

  test('that must be protected goes to no cluster that does not encrypt', async () => {
    const artifact = at('/a', { dataTransferProtection: 'privacy' })
    await expect(save(artifact)).rejects.toThrow(
      'hdfs.dataTransferProtection is privacy, but this cluster does not encrypt its transfers',
    )
    await save(at('/a'))
    const before = standIn.data.asked.length
    await expect(hdfsDriver().load(artifact, join(room, 'out'))).rejects.toThrow('Kerberos')
    expect(standIn.data.asked.length).toBe(before)
  })

  test('whoever gives up ends it', async () => {
    const control = new AbortController()
    control.abort(new Error('enough'))
    await expect(save(at('/a'), control.signal)).rejects.toThrow('enough')
    expect(standIn.paths).toEqual(['/'])
  })
})

describe('name nodes', () => {
  const addressOf = ({ address }: StandIn) => {
    const { hostname, port } = new URL(`tcp://${address}`)
    return { host: hostname, port: Number(port) }
  }
  const status = (addresses: readonly string[], timeoutMs?: number) =>
    hdfsDriver(timeoutMs === undefined ? {} : { timeoutMs }).isDirectory(
      at('/', { path: '/a', addresses }),
    )

  test('a standby sends the caller to the next one', async () => {
    const standby = await StandIn.open()
    open.push(standby)
    const exception = 'org.apache.hadoop.ipc.StandbyException'
    standby.throws.set('getFileInfo', { exception, message: 'Operation category READ…' })
    expect(await status([standby.address, standIn.address])).toBe(false)
    expect(standIn.heard).toMatchObject([{ method: 'getFileInfo', retry: 1 }])
  })

  test('who has ended asks nobody else', async () => {
    const node = new NameNode(
      { addresses: [addressOf(standIn), addressOf(standIn)], user: 'root', protection: undefined },
      { timeoutMs: 5000, pausesMs: [], signal: undefined },
    )
    const call = node.call('getFileInfo', '/a', Buffer.alloc(0))
    node.close()
    await expect(call).rejects.toThrow('no name node answers')
    expect(standIn.heard).toEqual([])
    await expect.poll(() => standIn.connections()).toBe(0)
  })

  test('a fail-over is waited for', async () => {
    const exception = 'org.apache.hadoop.ipc.StandbyException'
    const driver = hdfsDriver({ pausesMs: [0, 0] })
    standIn.throws.set('getFileInfo', { exception, message: 'standby' })
    await expect(driver.isDirectory(at('/a'))).rejects.toThrow('no name node answers')
    expect(standIn.heard.map(({ retry }) => retry)).toEqual([0, 1, 2])
    standIn.throwsAtMost = 4
    expect(await driver.isDirectory(at('/a'))).toBe(false)
  })

  test('another server at that port is told from a name node', async () => {
    const other = await listening((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    const { port } = other.address() as { port: number }
    await expect(status([`127.0.0.1:${port}`])).rejects.toThrow('another protocol is spoken')
    other.close()
  })

  test('one that is not there leads to the next one', async () => {
    expect(await status(['127.0.0.1:1', standIn.address])).toBe(false)
  })

  test('none that is there is an error that names them all', async () => {
    await expect(status(['127.0.0.1:1', '127.0.0.1:2'])).rejects.toMatchObject({
      reason: 'ServiceUnavailable',
      message:
        'hdfs: getFileInfo /a: no name node answers (127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1; 127.0.0.1:2: connect ECONNREFUSED 127.0.0.1:2)',
    })
  })

  test('one that says nothing is given up', async () => {
    const silent = await listening(() => {})
    const { port } = silent.address() as { port: number }
    await expect(status([`127.0.0.1:${port}`], 20)).rejects.toThrow('no answer within 0.02 s')
    silent.close()
  })

  test('one that hangs up hears the same call again', async () => {
    const driver = hdfsDriver()
    standIn.hangsUp = 1
    await expect(driver.isDirectory(at('/a'))).rejects.toThrow('no name node answers')
    expect(await driver.isDirectory(at('/a'))).toBe(false)
  })

  test.each([
    ['org.apache.hadoop.security.AccessControlException', 'Forbidden'],
    ['org.apache.hadoop.hdfs.server.namenode.SafeModeException', 'ServiceUnavailable'],
    ['java.io.FileNotFoundException', 'NotFound'],
    ['java.io.IOException', 'InternalError'],
  ])('%s is %s, with what was asked and where', async (exception, reason) => {
    standIn.throws.set('getFileInfo', { exception, message: 'Permission denied: user=root' })
    await expect(status([standIn.address])).rejects.toMatchObject({
      reason,
      message: `hdfs: getFileInfo /a at ${standIn.address}: Permission denied: user=root`,
    })
  })
})

describe('settings', () => {
  const refused = (more: object, path = '/a') =>
    expect(hdfsDriver().isDirectory(at(path, more))).rejects

  test.each([
    'krbCCacheSecret',
    'krbKeytabSecret',
    'krbConfigConfigMap',
    'krbServicePrincipalName',
    'krbUsername',
    'krbRealm',
  ])('hdfs.%s is refused by name', async (field) => {
    await refused({ [field]: 'x' }).toThrow(`hdfs.${field} is not supported: `)
  })

  test('what is missing or wrong is named', async () => {
    await refused({ addresses: [] }).toThrow('hdfs.addresses is missing')
    await refused({ addresses: ['a:b'] }).toThrow('hdfs.addresses: expected host:port, not "a:b"')
    await refused({ dataTransferProtection: 'some' }).toThrow(
      'hdfs.dataTransferProtection: expected authentication, integrity, privacy, not some',
    )
    await refused({ addresses: ['a:99999'] }).toThrow('expected host:port')
    await refused({ hdfsUser: '' }).toThrow('hdfs.hdfsUser is missing')
    await refused({}, 'a').toThrow('hdfs.path must be a absolute file path')
    await refused({}, '/a/../b').toThrow('hdfs.path has ".."')
    await refused({}, '//').toThrow('hdfs.path is the root of the file system')
  })

  test('a name node has Hadoop’s own port where none is named', async () => {
    await refused({ addresses: ['127.0.0.1'] }).toThrow('127.0.0.1:8020')
  })
})
