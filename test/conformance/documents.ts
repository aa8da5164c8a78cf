import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { type ManifestDocument, parseManifests } from '../../packages/kube/src/index.ts'

/** Upstream's own examples, read in place: they are not part of this project. */
const folder = new URL('../../../shared/conformance/argo-workflows/', import.meta.url)

/** Whether the examples are on this machine. */
export const present = existsSync(folder)
export const absent = 'upstream’s examples are not here (../shared/conformance/argo-workflows)'

/** One document of an example. */
export interface Example {
  /** The file's name; with `#index` where it holds several documents. */
  readonly id: string
  readonly kind: string
  readonly document: ManifestDocument
}

/** Every document of every example, by its id. */
export function readExamples(): ReadonlyMap<string, Example> {
  const names = present ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : []
  const files = names.filter((name) => /\.(ya?ml|json)$/.test(name)).sort()
  return new Map(files.flatMap(readFile).map((example) => [example.id, example]))
}

function readFile(file: string): readonly Example[] {
  const { documents } = parseManifests(readFileSync(new URL(file, folder), 'utf8'), file)
  return documents.map((document, index) => ({
    id: documents.length > 1 ? `${file}#${index}` : file,
    kind: String(document.object['kind'] ?? 'none'),
    document,
  }))
}
