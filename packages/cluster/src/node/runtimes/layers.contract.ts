import * as fs from 'node:fs'
import { expect } from 'vitest'
import { contents } from './outputs.contract.ts'
import type { Workbench } from './workbench.contract.ts'

/** Mounts whose source stays as it is, whatever the container writes there. */
export function layersContract(bench: Workbench): void {
  const { promise, shell, give, directory, file } = bench
  const layered = (source: string, target: string) =>
    ({ source, target, readOnly: false, layered: true }) as const

  promise(
    'a layered file can be written and read back, and its source stays as it is',
    async () => {
      const source = file(`${directory('kept, with: a\\comma')}/in`, 'kept')
      fs.writeFileSync(`${source}.beside`, '')
      const mounts = [layered(source, '/srv/in'), layered(source, '/srv/deep/untouched')]
      const script = 'cat /srv/in && echo more >> /srv/in && cat /srv/in && ls /srv'
      const { out, err, exit, container, dir } = await shell(script, { mounts })
      expect([exit.code, err, out]).toEqual([0, '', 'keptkeptmore\ndeep\nin\n'])
      expect(fs.readFileSync(source, 'utf8')).toBe('kept')
      const written = (await container.resolve('/srv/in')) ?? ''
      expect(written.startsWith(`${dir}/scratch/`)).toBe(true)
      expect(fs.readFileSync(written, 'utf8')).toBe('keptmore\n')
      expect(await container.resolve('/srv/deep/untouched')).toBe(source)
    },
    'layers',
  )

  promise(
    'a layered directory can be changed in every way, is whole afterwards, and its source stays as it is',
    async () => {
      const source = tree()
      const script = [
        'cd /work && echo new > new && echo changed > changed && rm gone box/gone && mv box/old box/moved',
        'rm -r again && mkdir again && echo only > again/only && chmod 700 kept && ls -a',
      ].join(' && ')
      const { out, err, exit, container } = await shell(script, {
        mounts: [layered(source, '/work')],
      })
      expect([exit.code, err]).toEqual([0, ''])
      expect(out).toBe('.\n..\nagain\nbox\nchanged\nkept\nnew\n')
      const whole = (await container.resolve('/work')) ?? ''
      expect(contents(whole)).toEqual({
        ...{ new: 'new\n', changed: 'changed\n', kept: 'kept' },
        ...{ box: { kept: 'kept', moved: 'old' }, again: { only: 'only\n' } },
      })
      expect(fs.statSync(`${whole}/kept`).mode & 0o777).toBe(0o700)
      expect(await container.resolve('/work/gone')).toBeUndefined()
      expect(await container.resolve('/work/again/hidden')).toBeUndefined()
      expect(contents(source)).toEqual(before)
      expect(fs.statSync(`${source}/kept`).mode & 0o777).toBe(0o644)
    },
    'layers',
  )

  promise(
    'containers with the same source do not see what the others write',
    async () => {
      const source = tree()
      const each = Array.from({ length: 4 }, (_, index) =>
        shell(`echo ${index} > /work/kept; rm /work/gone; cat /work/kept; ls /work`, {
          mounts: [layered(source, '/work')],
        }),
      )
      for (const [index, { out }] of (await Promise.all(each)).entries()) {
        expect(out).toBe(`${index}\nagain\nbox\nchanged\nkept\n`)
      }
      expect(contents(source)).toEqual(before)
    },
    'layers',
  )

  promise(
    'a layered directory is like its source: mode and time; untouched it stays where it is',
    async () => {
      const source = tree()
      fs.chmodSync(source, 0o750)
      fs.utimesSync(source, 1_000_000_000, 1_000_000_000)
      const { out, container, dir } = await shell('stat -c "%a %Y" /work', {
        mounts: [layered(source, '/work')],
      })
      expect(out).toBe('750 1000000000\n')
      expect(await container.resolve('/work')).toBe(source)
      expect(await container.resolve('/work/kept')).toBe(`${source}/kept`)
      await bench.runtime.remove(dir)
      expect(fs.existsSync(dir)).toBe(false)
    },
    'layers',
  )

  const before = {
    ...{ kept: 'kept', changed: 'changed', gone: 'gone' },
    ...{ box: { kept: 'kept', gone: 'gone', old: 'old' }, again: { hidden: 'hidden' } },
  }

  function tree(): string {
    const root = directory('tree')
    for (const name of ['box', 'again']) fs.mkdirSync(`${root}/${name}`)
    const names = ['kept', 'changed', 'gone', 'box/kept', 'box/gone', 'box/old', 'again/hidden']
    for (const name of names) file(`${root}/${name}`, name.split('/').at(-1) ?? '')
    give(root)
    return root
  }
}
