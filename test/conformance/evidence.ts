import { readdirSync, readFileSync } from 'node:fs'
import { isObject, type Json, type JsonObject } from '../../packages/engine/src/index.ts'
import { argoShapes } from '../../packages/engine/src/spec/parse/argo-shapes.table.ts'
import { kubeShapes } from '../../packages/engine/src/spec/parse/kube-shapes.table.ts'
import { parseManifests } from '../../packages/kube/src/index.ts'
import { goldenFiles, goldenCases as playable } from '../golden/golden-file.ts'
import { goldenCases } from '../manifests/golden-case.ts'
import { readExamples } from './documents.ts'
import { examples as fates } from './examples.table.ts'

export type Shapes = Readonly<Record<string, Readonly<Record<string, string>>>>
export const shapes: Shapes = { ...kubeShapes, ...argoShapes }

/** For each `Type.field` the tests that use it. Examples that run come first, then golden cases, broken manifests and unit tests. */
export function gatherEvidence(): (field: string) => string | undefined {
  const found = new Map<string, string>()
  const note = (object: JsonObject, where: string) =>
    visit(object, String(object['kind'] ?? 'Workflow'), (field) => {
      if (!found.has(field)) found.set(field, where)
    })
  const examples = readExamples()
  for (const [id, fate] of Object.entries(fates)) {
    if (fate.kind !== 'runs') continue
    for (const one of [id, ...(fate.with ?? [])]) {
      const object = examples.get(one)?.document.object
      if (object) note(object, `example ${id}`)
    }
  }
  for (const { object, where } of playedCases()) note(object, where)
  for (const { object, where } of brokenManifests()) note(object, where)
  const units = unitTests()
  return (field) => found.get(field) ?? mention(units, field)
}

/** Workflows that are played from their first pass to their last. */
function playedCases(): readonly { readonly object: JsonObject; readonly where: string }[] {
  return goldenFiles().flatMap((file) =>
    playable(file).flatMap(({ name, workflow, stored }) =>
      [workflow, ...stored].map((object) => ({
        object: object as unknown as JsonObject,
        where: `test/golden/${file}: ${name}`,
      })),
    ),
  )
}

const goldens = new URL('../manifests/golden/', import.meta.url)

function brokenManifests(): readonly { readonly object: JsonObject; readonly where: string }[] {
  return readdirSync(goldens)
    .filter((name) => name.endsWith('.golden'))
    .toSorted()
    .flatMap((file) =>
      goldenCases(readFileSync(new URL(file, goldens), 'utf8')).flatMap(({ name, text }) =>
        parseManifests(text, file).documents.map(({ object }) => ({
          object,
          where: `test/manifests/golden/${file}: ${name}`,
        })),
      ),
    )
}

interface UnitTest {
  readonly file: string
  readonly text: string
}

const packages = new URL('../../packages/', import.meta.url)

function unitTests(): readonly UnitTest[] {
  const rooms = ['engine/src/workflow/', 'engine/src/spec/', 'executor/src/', 'cluster/src/node/']
  return rooms.flatMap((room) =>
    readdirSync(new URL(room, packages), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(test|contract)\.ts$|golden\.table\.ts$|cases\.table\.ts$/.test(name))
      .toSorted()
      .map((name) => {
        const text = readFileSync(new URL(`${room}${name}`, packages), 'utf8')
        return { file: `packages/${room}${name}`, text }
      }),
  )
}

/** A unit test that writes the field, for names that mean one thing only. */
function mention(tests: readonly UnitTest[], field: string): string | undefined {
  const name = field.slice(field.indexOf('.') + 1)
  const owners = Object.values(argoShapes).filter((shape) => Object.hasOwn(shape, name))
  if (name.length < 5 && owners.length > 3) return undefined
  const written = new RegExp(`\\b${name}\\b['"]?\\s*[:\\]}]|\\b${name}\\b,`)
  return tests.find(({ text }) => written.test(text))?.file
}

function visit(value: Json, type: string, note: (field: string) => void): void {
  const inner = /^(?:\[\]|\{\})(.*)$/.exec(type)?.[1]
  const items = inner === undefined ? [] : itemsOf(value)
  for (const item of items) visit(item, inner ?? '', note)
  if (inner === undefined && isObject(value)) visitFields(value, type, note)
}

const itemsOf = (value: Json): readonly Json[] =>
  isObject(value)
    ? Object.values(value).filter((item) => item !== undefined)
    : Array.isArray(value)
      ? value
      : []

function visitFields(value: JsonObject, type: string, note: (field: string) => void): void {
  for (const [name, item] of Object.entries(value)) {
    const of = shapes[type]?.[name]
    if (of === undefined || item === undefined) continue
    note(`${type}.${name}`)
    visit(item, of, note)
  }
}
