import { Fact } from '../parts/fact.tsx'
import { useAnswer } from '../state/use-answer.ts'

interface Parameter {
  readonly name: string
  readonly in: string
  readonly description?: string
}

interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>
}

type Content = Readonly<Record<string, { readonly schema?: { readonly $ref?: string } }>>

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly tags: readonly { readonly name: string }[]
}

/** What the endpoints of the API take and give, as its description says. */
export function ApiDocsPage() {
  const { value, error } = useAnswer<Description>('../openapi.json')
  const all = Object.entries(value?.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  return (
    <>
      <header>
        <h1>API</h1>
        <a href="api/openapi.json">openapi.json</a>
      </header>
      <div className="body stack">
        {error !== undefined && <p role="alert">{error.message}</p>}
        <p className="quiet">
          Argo’s REST API. Send a token as <code>Authorization: Bearer …</code>; streams are lines
          of JSON, or events with <code>Accept: text/event-stream</code>.
        </p>
        {(value?.tags ?? []).map(({ name }) => (
          <section key={name} className="stack tight">
            <h2>{titleOf(name)}</h2>
            {all
              .filter(({ operation }) => operation.tags.includes(name))
              .map((one) => (
                <Endpoint key={one.operation.operationId} {...one} />
              ))}
          </section>
        ))}
      </div>
    </>
  )
}

interface EndpointProps {
  readonly path: string
  readonly method: string
  readonly operation: Operation
}

function Endpoint({ path, method, operation }: EndpointProps) {
  const { summary, parameters = [], requestBody, responses, operationId } = operation
  const body = nameOf(requestBody?.content)
  const answer = nameOf(responses['200']?.content)
  const query = parameters.filter((one) => one.in === 'query')
  return (
    <details className="endpoint" id={operationId}>
      <summary>
        <code>
          <b>{method.toUpperCase()}</b> {path}
        </code>{' '}
        <span className="quiet">{summary}</span>
      </summary>
      <dl className="facts">
        {query.map(({ name, description }) => (
          <Fact key={name} name={<code>{name}</code>}>
            {description}
          </Fact>
        ))}
        {body !== undefined && (
          <Fact name="takes">
            <code>{body}</code>
          </Fact>
        )}
        <Fact name="gives">
          <code>{answer ?? 'a file'}</code>
        </Fact>
      </dl>
    </details>
  )
}

/** A schema by its name. */
function nameOf(content: Content | undefined): string | undefined {
  const schema = content?.['application/json']?.schema
  if (!schema) return undefined
  return schema.$ref?.replace(/.*\//, '') ?? 'any JSON'
}

/** `WorkflowTemplateService`: Workflow template. */
function titleOf(tag: string): string {
  const words = tag
    .replace(/Service$/, '')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
