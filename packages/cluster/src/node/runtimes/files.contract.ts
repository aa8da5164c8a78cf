import * as fs from 'node:fs'
import { expect } from 'vitest'
import type { Workbench } from './workbench.contract.ts'

/** What a container sees: its root, its mounts, and nothing of the others. */
export function filesContract(bench: Workbench): void {
  const { promise, run, shell, own, directory, file, image } = bench
  promise(
    'mounts directories and files, for reading or writing',
    async () => {
      const data = directory('data')
      own(file(`${data}/in`, 'hello'))
      const one = file(`${directory('one')}/config`, 'setting')
      const mounts = [
        { source: data, target: '/srv/deep/ro', readOnly: true },
        { source: data, target: '/data', readOnly: false },
        { source: one, target: '/etc/one.conf', readOnly: true },
      ]
      const script =
        'cat /srv/deep/ro/in /etc/one.conf; echo new > /data/out; touch /srv/deep/ro/x || echo refused; ' +
        'touch /etc/one.conf || echo refused'
      const { out, container } = await shell(script, { mounts })
      expect(out).toBe('hellosettingrefused\nrefused\n')
      expect(fs.readFileSync(`${data}/out`, 'utf8')).toBe('new\n')
      expect(await container.resolve('/data/out')).toBe(`${data}/out`)
      expect(await container.resolve('/etc/one.conf')).toBe(one)
      expect(await container.resolve('/data/nothing')).toBeUndefined()
    },
    'mounts',
  )

  promise(
    'a mount inside a mount is seen, in whatever order they come',
    async () => {
      const outer = directory('outer')
      fs.mkdirSync(`${outer}/inner`)
      const inner = directory('inner')
      file(`${inner}/x`, 'inner')
      const mounts = [
        { source: inner, target: '/vol/inner', readOnly: true },
        { source: outer, target: '/vol', readOnly: false },
      ]
      const { out, container } = await shell('cat /vol/inner/x', { mounts })
      expect(out).toBe('inner')
      expect(await container.resolve('/vol/inner/x')).toBe(`${inner}/x`)
    },
    'mounts',
  )

  promise(
    'a link in a part of a mount that containers may change leads nowhere, wherever it is',
    async () => {
      const data = directory('shared')
      fs.mkdirSync(`${data}/dir/sub`, { recursive: true })
      file(`${data}/dir/sub/x`, 'inside')
      fs.symlinkSync('/etc', `${data}/out`)
      fs.symlinkSync('dir', `${data}/in`)
      bench.give(data)
      const at = (path: string) => ({
        mounts: [{ source: `${data}/${path}`, target: '/data', readOnly: false, trusted: data }],
      })
      expect((await shell('cat /data/x', at('dir/sub'))).out).toBe('inside')
      for (const path of ['out', 'in/sub', 'dir/../out'])
        expect((await run(['true'], at(path))).exit.startError).toContain(path)
    },
    'noLinks',
  )

  promise(
    'a mount that is not there is a start error',
    async () => {
      const mounts = [{ source: `${bench.base}/none`, target: '/data', readOnly: true }]
      expect((await run(['true'], { mounts })).exit.startError).toContain(`${bench.base}/none`)
    },
    'mounts',
  )

  promise(
    'two containers that both write /tmp/out do not meet, nor reach the machine',
    async () => {
      const mark = `argosy-${process.pid}-${Date.now()}`
      const script = `echo $0 > /tmp/${mark}; echo $0 > /${mark}; sleep 0.05; cat /tmp/${mark} /${mark}`
      const both = await Promise.all(['one', 'two'].map((word) => run(['sh', '-c', script, word])))
      expect(both.map(({ out }) => out)).toEqual(['one\none\n', 'two\ntwo\n'])
      expect([fs.existsSync(`/tmp/${mark}`), fs.existsSync(`/${mark}`)]).toEqual([false, false])
      const at = await both[1]?.container.resolve(`/tmp/${mark}`)
      expect(fs.readFileSync(at ?? '', 'utf8')).toBe('two\n')
      const root = await both[0]?.container.resolve(`/${mark}`)
      expect(fs.readFileSync(root ?? '', 'utf8')).toBe('one\n')
    },
    'isolation',
  )

  promise(
    'what a container removed is gone for it and there for the machine',
    async () => {
      const { out, container } = await shell(
        'rm -f /bin/cat /usr/bin/cat; ls /usr/bin/cat || echo gone',
      )
      expect(out).toBe('gone\n')
      expect(await container.resolve('/usr/bin/cat')).toBeUndefined()
      expect(fs.existsSync('/bin/cat')).toBe(true)
    },
    'foreignFiles',
  )

  promise(
    'runs a program of an unpacked image, which stays as it was',
    async () => {
      const root = image()
      const { out } = await shell('cat /etc/release; echo changed > /etc/release; ls /', {
        root: { kind: 'dir', path: root },
      })
      expect(out).toContain('the image\n')
      expect(out).not.toContain('work\n')
      expect(fs.readFileSync(`${root}/etc/release`, 'utf8')).toBe('the image\n')
    },
    'image',
  )

  promise(
    'has devices, its own host name and processes, and few rights',
    async () => {
      const script =
        'echo $(hostname); echo x > /dev/null && head -c 3 /dev/zero | wc -c; ls /proc | grep -c "^[0-9]"; ' +
        'mount -t tmpfs x /mnt 2>/dev/null || echo refused; grep NoNewPrivs /proc/self/status'
      const { out, err } = await shell(script, { hostname: 'pod-1' })
      const [name, bytes, processes, mounted, privileges] = out.split('\n')
      expect([name, bytes, mounted], err).toEqual(['pod-1', '3', 'refused'])
      expect(Number(processes)).toBeLessThan(8)
      expect(privileges).toMatch(/1$/)
    },
    'isolation',
  )

  promise(
    'what it does to its devices reaches no other container',
    async () => {
      await shell('echo x > /dev/left; rm -f /dev/zero; true')
      const script = 'ls -d /dev/left 2>/dev/null; head -c 3 /dev/zero | wc -c; echo x > /dev/null'
      expect(await shell(script)).toMatchObject({ out: '3\n', err: '' })
    },
    'isolation',
  )

  promise(
    'something can be mounted among its devices',
    async () => {
      const mounts = [{ source: directory('devices'), target: '/dev/data', readOnly: false }]
      const { out, err } = await shell('echo x > /dev/data/y; echo z > /dev/null; ls /dev/data', {
        mounts,
      })
      expect({ out, err }).toEqual({ out: 'y\n', err: '' })
      expect((await shell('ls -d /dev/data')).out).toBe('')
    },
    'isolation',
  )
}
