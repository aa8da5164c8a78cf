import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { unsupported } from '../../packages/engine/src/workflow/validate/supported.ts'
import { parseManifests } from '../../packages/kube/src/manifest/parse-manifests.ts'
import { type Read, read, validate, worldOf } from './read.ts'

// Upstream's own examples, read in place: they are not part of this project.
const folder = new URL('../../../shared/conformance/argo-workflows/', import.meta.url)
const files = existsSync(folder)
  ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.ya?ml$/.test(name),
    )
  : []

const objectsOf = new Map<string, readonly Read[]>()
for (const file of files) {
  const { documents } = parseManifests(readFileSync(new URL(file, folder), 'utf8'), file)
  objectsOf.set(
    file,
    documents.flatMap((document) => read(document) ?? []),
  )
}
const everything = [...objectsOf.values()].flat()

describe.skipIf(files.length === 0)('upstream’s examples', () => {
  const world = worldOf(everything)

  test('are all there', () => {
    expect(files.length).toBeGreaterThanOrEqual(217)
    expect(everything.length).toBe(223)
  })

  test.each(files)('%s', (file) => {
    expect(parseManifests(readFileSync(new URL(file, folder), 'utf8'), file).problems).toEqual([])
    for (const each of objectsOf.get(file) ?? []) {
      expect(each.problems).toEqual([])
      expect(validate(each, world, 'submit')).toEqual([])
      expect(validate(each, world, 'lint')).toEqual([])
    }
  })

  test('many of them run already', () => {
    const ours = everything.flatMap((each) => (each.kind === 'Workflow' ? [each.value] : []))
    const runnable = ours.filter(({ spec }) => unsupported(spec).length === 0)
    expect(runnable.length).toBeGreaterThan(100)
  })
})
