import { type ImageMap, readImageMap } from '@argosy/cluster'
import type { Json, WorkflowTemplate } from '@argosy/engine'
import { type Client, type Position, parseManifests, renderProblem, resources } from '@argosy/kube'
import { type Embedded, openEmbedded } from '../embedded.ts'
import { hasRun } from '../input/as-new.ts'
import { readText } from '../input/read-text.ts'
import { readSources, type Source } from '../input/sources.ts'
import type { Supply } from '../input/templates-in.ts'
import { type Understood, understand } from '../input/understand.ts'
import type { RunOptions, Streams } from './run-options.ts'
import { type Submitted, submit } from './submit.ts'

/** Everything is understood and written; nothing moves yet. */
export interface Prepared {
  readonly embedded: Embedded
  readonly understood: Understood
  readonly submitted: Submitted
}

/** What is wrong with the input, ready to print. */
export class InputError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'InputError'
    this.problems = problems
  }
}

/** Reads and checks the input, opens the cluster and submits. Throws `InputError`; the caller disposes `embedded`. */
export async function prepare(
  options: RunOptions,
  input: Pick<Streams, 'stdin'>,
  log: (line: string) => void,
): Promise<Prepared> {
  const { sources, problems } = await readSources(options.files, input)
  refuse(problems)
  const images = await readImages(options.imagesFile)
  // Without a data directory nothing can be known but what the files say: a mistake is told before anything is made.
  const alone = options.dataDir === undefined ? checked(sources, options) : undefined
  const { dataDir, runtime, early } = options
  const embedded = await openEmbedded({ runtime, early, images, log, ...(dataDir && { dataDir }) })
  try {
    const understood = alone ?? checked(sources, options, await storedTemplates(embedded.client))
    for (const { metadata } of understood.workflows.filter(hasRun)) {
      log(
        `${metadata.name ?? metadata.generateName} has a status: it is left out, and the workflow runs anew`,
      )
    }
    const submitted = await submit(embedded.client, understood)
    refuse(submitted.problems)
    return { embedded, understood, submitted }
  } catch (error) {
    await embedded[Symbol.asyncDispose]()
    throw error
  }
}

function checked(
  sources: readonly Source[],
  { overrides }: RunOptions,
  stored: readonly Supply[] = [],
): Understood {
  const understood = understand(sources, overrides, stored)
  refuse(understood.problems)
  return understood
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new InputError(problems)
}

async function storedTemplates(client: Client): Promise<readonly Supply[]> {
  const kinds = [resources.workflowTemplates, resources.clusterWorkflowTemplates]
  const lists = await Promise.all(
    kinds.map(async (resource) => {
      const { items } = await client.list<WorkflowTemplate>({ resource })
      return items.map((object) => ({ resource, object }))
    }),
  )
  return lists.flat()
}

/** The image map of a file; throws `InputError`. */
export async function readImages(file: string | undefined): Promise<ImageMap> {
  if (file === undefined) return []
  const text = await readText(file).catch((error: Error) => {
    throw new InputError([`--images ${file}: ${error.message}`])
  })
  const value = readImagesText(text, file)
  const { map, problems } = readImageMap(value.json)
  refuse(
    problems.map(({ path, message }) =>
      renderProblem({ file, ...value.positionOf(path), message: `${path}: ${message}` }, text),
    ),
  )
  return map
}

/** A rule list may be the whole file; manifests are objects, so it is read as the `images` of one. */
function readImagesText(text: string, file: string) {
  const [, start] = /^(?:\s|#.*\n)*(-\s|\[)/.exec(text) ?? []
  const isList = start !== undefined
  // In JSON a list may end where it likes, below a key of YAML it may not.
  const whole = start === '[' ? `{images:\n${text}\n}` : `images:\n${text}`
  const { documents, problems, repeated } = parseManifests(isList ? whole : text, file)
  const place = <T extends Position>(at: T): T => (isList ? { ...at, line: at.line - 1 } : at)
  refuse([...problems, ...repeated].map((problem) => renderProblem(place(problem), text)))
  const [document] = documents
  if (!document)
    throw new InputError([`--images ${file}: expected \`images:\` with a list of rules`])
  const positionOf = (path: string) => place(document.positionOf(path))
  return { json: document.object as Json, positionOf }
}
