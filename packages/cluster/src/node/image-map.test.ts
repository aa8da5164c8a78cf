import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findImage, readImageMap } from './image-map.ts'
import { builtInImages } from './images.table.ts'
import { argvOf, programOf } from './program.ts'

test.each([
  ['busybox*', 'busybox:1.36', true],
  ['busybox*', 'docker.io/library/busybox@sha256:abc', true],
  ['busybox', 'busybox:1', false],
  ['*', 'anything/at:all', true],
  ['quay.io/*/tool:*', 'quay.io/team/tool:v1', true],
  ['quay.io/*/tool:*', 'quay.io/tool:v1', false],
  ['a*a', 'a', false],
])('%s against %s: %s', (match, image, found) => {
  expect(findImage([{ match, run: 'host' }], image) !== undefined).toBe(found)
})

test('every mistake in images.yaml is found, with its path', () => {
  const { map, problems } = readImageMap([
    { match: 'good', run: { root: '/images/good' }, path: ['/opt/bin'], env: { A: 'b' } },
    { match: '', run: 'docker', entrypoint: 'sh', env: { A: 1 }, extra: 1 },
    'text',
  ])
  expect(map.map(({ match }) => match)).toEqual(['good'])
  expect(problems.map(({ path }) => path).sort()).toEqual([
    'images[1].entrypoint',
    'images[1].env',
    'images[1].extra',
    'images[1].match',
    'images[1].run',
    'images[2]',
  ])
})

const argv = (image: string, more: object = {}, env: Record<string, string> = {}) => {
  const container = { name: 'main', image, ...more }
  return argvOf(container, programOf(container, builtInImages, '/files'), { X: 'x', ...env })
}

test.each([
  ['busybox', {}, ['sh']],
  ['busybox', { args: ['echo', '$(X)'] }, ['echo', 'x']],
  ['argoproj/argosay:v2', { args: ['echo'] }, ['/argosay', 'echo']],
  ['curlimages/curl', { args: ['-s'] }, ['curl', '-s']],
])('%s with %j runs %j', (image, more, words) => {
  expect(argv(image, more)).toEqual(words)
})

test('python is python3 where there is nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'argosy-path-'))
  const more = { command: ['python'], args: ['-c', '1'] }
  expect(argv('python:3.12', more, { PATH: folder })).toEqual(['python3', '-c', '1'])
  await writeFile(join(folder, 'python'), '')
  expect(argv('python:3.12', more, { PATH: `/nowhere:${folder}` })).toEqual(['python', '-c', '1'])
  await rm(folder, { recursive: true })
})

test.each(['nginx:1', 'acme/tool'])('%s without a command is refused with what to do', (image) => {
  expect(() => argv(image)).toThrow(/container "main" has no command.*images\.yaml/s)
  expect(() => argv(image, { args: ['x'] })).toThrow()
  expect(argv(image, { command: ['x'] })).toEqual(['x'])
})
