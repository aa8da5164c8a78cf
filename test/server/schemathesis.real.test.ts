import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accesses } from './access.table.ts'
import { type AccessWorld, accessWorld } from './access-world.ts'
import { tried } from './schemathesis.ts'

let world: AccessWorld
let folder: string
beforeAll(async () => {
  world = await accessWorld()
  folder = await mkdtemp(join(tmpdir(), 'argosy-'))
  const [first] = accesses
  // Things that are there, to be found by their names.
  if (first) await world.ask(first, 'admin')
})
afterAll(async () => {
  await world[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

/** What stands in a path: something that is there, more often than not. */
const names: Readonly<Record<string, readonly string[]>> = {
  namespace: ['default', 'argo', 'nowhere'],
  name: ['w', 't', 'nothing', '@latest'],
  uid: ['old', 'nothing'],
  key: ['a', 'nothing'],
}

interface Description {
  readonly paths: Record<string, Record<string, { parameters?: Parameter[] }>>
  readonly components: { readonly schemas: Record<string, unknown> }
}

interface Parameter {
  readonly name: string
  readonly in: string
  schema: object
}

/** The description of the API, with names that lead somewhere, and manifests that are cut off below their spec. */
async function describe(path: string, { named }: { readonly named: boolean }): Promise<void> {
  const { json } = await world.api.ask('/api/openapi.json')
  const document = structuredClone(json) as unknown as Description
  const spec = { type: 'object' }
  const { schemas } = document.components
  for (const kind of ['Workflow', 'WorkflowTemplate', 'ClusterWorkflowTemplate', 'CronWorkflow']) {
    const metadata = { $ref: '#/components/schemas/ObjectMeta' }
    const properties = { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata, spec }
    schemas[kind] = { type: 'object', properties }
  }
  for (const { parameters = [] } of Object.values(document.paths).flatMap((one) =>
    Object.values(one),
  )) {
    for (const parameter of parameters) {
      const known = named && parameter.in === 'path' ? names[parameter.name] : undefined
      if (known) parameter.schema = { type: 'string', enum: known }
    }
  }
  await writeFile(path, JSON.stringify(used(document)))
}

/** Without the schemas that nothing refers to any more: the tool looks at all of them. */
function used(document: Description): unknown {
  const { schemas } = document.components
  const kept: Record<string, unknown> = {}
  const walk = (value: unknown): void => {
    for (const [, name = ''] of JSON.stringify(value).matchAll(/#\/components\/schemas\/(\w+)/g)) {
      if (name in kept) continue
      kept[name] = schemas[name]
      walk(schemas[name])
    }
  }
  walk({ ...document, components: { ...document.components, schemas: {} } })
  return { ...document, components: { ...document.components, schemas: kept } }
}

const checks = [
  ...['not_a_server_error', 'status_code_conformance', 'content_type_conformance'],
  ...['response_headers_conformance', 'response_schema_conformance'],
].join(',')

test.each([
  ['by any name', false],
  ['by names that lead somewhere', true],
])(
  'no request, %s, is answered otherwise than the description says',
  async (_, named) => {
    const path = join(folder, 'openapi.json')
    await describe(path, { named })
    const { code, report } = await tried(
      [
        ...[path, '--url', world.api.url, '--header', 'Authorization: Bearer admin'],
        ...['--checks', checks, '--phases', 'fuzzing', '--max-examples', '10', '--seed', '1'],
        // Streams have no end, or are lines and no JSON as a whole.
        ...['--exclude-path-regex', '(workflow-events|stream)/|/log$'],
        ...['--suppress-health-check', 'all', '--continue-on-failure', '--request-timeout', '20'],
      ],
      folder,
    )
    expect(report).toMatch(/Fuzzing \(in/)
    expect({ code, report: code === 0 ? '' : report, log: world.api.log }).toEqual({
      ...{ code: 0, report: '', log: [] },
    })
  },
  600_000,
)
