import * as fs from 'node:fs'
import { expect } from 'vitest'
import type { Workbench } from './workbench.contract.ts'

/** What can be read of a container's files when it has ended. */
export function outputsContract(bench: Workbench): void {
  const { promise, shell, give, directory, file, image } = bench
  promise(
    'reads outputs after the end: through links, below the root, never outside',
    async () => {
      const root = image()
      const secret = file(`${bench.base}/secret`, 'secret')
      const script = [
        'mkdir -p /out/deep && echo file > /out/deep/file',
        'ln -s deep /out/link && ln -s /out/deep/file /abs',
        `ln -s ../../../../../../../..${secret} /out/up && ln -s ${secret} /out/escape`,
        'ln -s loop /out/loop',
      ].join(' && ')
      const { exit, err, container } = await shell(script, { root: { kind: 'dir', path: root } })
      expect([exit.code, err]).toEqual([0, ''])
      const read = async (at: string) => {
        const found = await container.resolve(at)
        return found && fs.statSync(found).isFile() ? fs.readFileSync(found, 'utf8') : found
      }
      expect(await read('/out/deep/file')).toBe('file\n')
      expect(await read('/out/link/file')).toBe('file\n')
      expect(await read('/out/../out/./link//file')).toBe('file\n')
      expect(await read('/abs')).toBe('file\n')
      expect(await read('/etc/release')).toBe('the image\n')
      for (const at of [
        '/out/up',
        '/out/escape',
        '/out/loop',
        '/none',
        '/abs/below',
        '/../../..' + secret,
      ]) {
        expect(await read(at)).toBeUndefined()
      }
    },
    'image',
  )

  promise(
    'a directory that was removed and made again hides what was in the image',
    async () => {
      const root = shelves()
      const { container } = await shell(
        'rm -r /shelf/box && mkdir /shelf/box && touch /shelf/box/new',
        {
          root: { kind: 'dir', path: root },
        },
      )
      expect(await container.resolve('/shelf/box/new')).toBeDefined()
      expect(await container.resolve('/shelf/box/kept')).toBeUndefined()
    },
    'opaque',
  )

  promise(
    'a directory that the container changed is whole: its own files and those below',
    async () => {
      const root = shelves()
      const script = [
        'echo new > /shelf/new && echo changed > /shelf/changed && rm /shelf/gone /shelf/box/gone',
        'mkdir /shelf/made && echo deep > /shelf/made/deep && ln -s ../etc /shelf/link',
        'rm -r /shelf/again && mkdir /shelf/again && echo only > /shelf/again/only',
      ].join(' && ')
      const { exit, err, container } = await shell(script, { root: { kind: 'dir', path: root } })
      expect([exit.code, err]).toEqual([0, ''])
      const whole = await container.resolve('/shelf')
      expect(whole?.split('/').at(-1)).toBe('shelf')
      expect(contents(whole ?? '')).toEqual({
        new: 'new\n',
        kept: 'kept',
        changed: 'changed\n',
        box: { kept: 'kept' },
        made: { deep: 'deep\n' },
        again: { only: 'only\n' },
        link: '-> ../etc',
        old: '-> kept',
        untouched: { kept: 'kept' },
      })
      expect(fs.statSync(`${whole}/kept`).mode & 0o777).toBe(0o640)
      expect(fs.readFileSync(`${root}/shelf/changed`, 'utf8')).toBe('changed')
      fs.appendFileSync(`${whole}/kept`, 'more')
      expect(fs.readFileSync(`${root}/shelf/kept`, 'utf8')).toBe('kept')
    },
    'opaque',
  )

  promise(
    'what lies in one place stays where it is: no copy of files, of new or of unchanged directories',
    async () => {
      const root = shelves()
      const { dir, container } = await shell('mkdir /out && echo x > /out/x && echo y > /shelf/y', {
        root: { kind: 'dir', path: root },
      })
      expect(await container.resolve('/out')).toBe(`${dir}/scratch/upper/out`)
      expect(await container.resolve('/shelf/y')).toBe(`${dir}/scratch/upper/shelf/y`)
      expect(await container.resolve('/shelf/kept')).toBe(`${root}/shelf/kept`)
      expect(await container.resolve('/shelf/untouched')).toBe(`${root}/shelf/untouched`)
      expect(fs.readdirSync(dir).filter((name) => name.startsWith('merged'))).toEqual([])
    },
    'inPlace',
  )

  promise(
    'a directory with mounts in it is whole too',
    async () => {
      const outer = directory('outer')
      fs.mkdirSync(`${outer}/inner`)
      file(`${outer}/x`, 'outer')
      const inner = directory('inner')
      file(`${inner}/y`, 'inner')
      const mounts = [
        { source: outer, target: '/srv/vol', readOnly: false },
        { source: inner, target: '/srv/vol/inner', readOnly: true },
      ]
      const { container } = await shell('echo own > /srv/own', { mounts })
      const vol = await container.resolve('/srv/vol')
      expect(contents(vol ?? '')).toEqual({ x: 'outer', inner: { y: 'inner' } })
      const whole = await container.resolve('/srv')
      expect(contents(whole ?? '')).toMatchObject({
        own: 'own\n',
        vol: { x: 'outer', inner: { y: 'inner' } },
      })
    },
    'mounts',
  )

  promise(
    'a directory of the machine that the container added a file to is whole',
    async () => {
      const { exit, container } = await shell('echo x > /etc/ssl/argosy-new', {
        user: { uid: 0, gid: 0 },
      })
      expect(exit.code).toBe(0)
      const whole = await container.resolve('/etc/ssl')
      const names = [...fs.readdirSync('/etc/ssl'), 'argosy-new']
      expect(fs.readdirSync(whole ?? '').sort()).toEqual(names.sort())
    },
    'foreignFiles',
  )

  /** An image with one directory that has something of everything. */
  function shelves(): string {
    const root = image()
    for (const name of ['', '/box', '/again', '/untouched']) fs.mkdirSync(`${root}/shelf${name}`)
    for (const name of ['kept', 'changed', 'gone', 'box/kept', 'box/gone', 'again/hidden']) {
      file(`${root}/shelf/${name}`, name.split('/').at(-1) ?? '')
    }
    file(`${root}/shelf/untouched/kept`, 'kept')
    fs.chmodSync(`${root}/shelf/kept`, 0o640)
    fs.symlinkSync('kept', `${root}/shelf/old`)
    give(root)
    return root
  }
}

/** A directory as an object: texts, `-> goal` for links, objects for directories. */
export function contents(dir: string): Record<string, unknown> {
  const entries = fs.readdirSync(dir, { withFileTypes: true }).map((entry): [string, unknown] => {
    const at = `${dir}/${entry.name}`
    if (entry.isSymbolicLink()) return [entry.name, `-> ${fs.readlinkSync(at)}`]
    return [entry.name, entry.isDirectory() ? contents(at) : fs.readFileSync(at, 'utf8')]
  })
  return Object.fromEntries(entries)
}
