import type { Container, EnvFromSource, EnvVar, Pod } from '@argosy/engine'
import { fieldRef, type HostFacts, resourceFieldRef } from './downward.ts'
import { expand } from './expand.ts'
import { type ReferenceKind, type References, requiredKeys } from './references.ts'
import { Refusal } from './refusal.ts'

export interface EnvironmentFacts {
  readonly references: References
  readonly host: HostFacts
  /** What the image sets; the container's own variables win. */
  readonly image: Readonly<Record<string, string>>
  /** Variables of services, for `$(NAME)`. */
  readonly services?: Readonly<Record<string, string>>
}

/** A container's variables: the image's, HOSTNAME, then envFrom and env in order, `$(NAME)` seeing what came before. */
export async function environment(
  pod: Pod,
  container: Container,
  facts: EnvironmentFacts,
): Promise<Record<string, string>> {
  const own = new Map<string, string>()
  for (const source of container.envFrom ?? []) await addAll(own, source, facts.references)
  for (const variable of container.env ?? []) {
    const value = await readVariable(variable, own, { pod, container, facts })
    if (value !== undefined) own.set(variable.name, value)
  }
  return {
    ...facts.image,
    HOSTNAME: pod.spec.hostname ?? pod.metadata.name ?? '',
    ...Object.fromEntries(own),
  }
}

async function addAll(
  own: Map<string, string>,
  source: EnvFromSource,
  references: References,
): Promise<void> {
  for (const kind of ['configMap', 'secret'] as const) {
    const ref = source[`${kind}Ref`]
    const keys = ref && (await requiredKeys(references, kind, ref))
    for (const [key, value] of keys ?? []) own.set(`${source.prefix ?? ''}${key}`, String(value))
  }
}

interface Asking {
  readonly pod: Pod
  readonly container: Container
  readonly facts: EnvironmentFacts
}

async function readVariable(
  { value, valueFrom }: EnvVar,
  own: ReadonlyMap<string, string>,
  { pod, container, facts }: Asking,
): Promise<string | undefined> {
  if (!valueFrom) return expand(value ?? '', (name) => own.get(name) ?? facts.services?.[name])
  const { configMapKeyRef, secretKeyRef } = valueFrom
  if (valueFrom.fieldRef) return fieldRef(pod, valueFrom.fieldRef.fieldPath, facts.host)
  if (valueFrom.resourceFieldRef) {
    return resourceFieldRef(valueFrom.resourceFieldRef, container, facts.host)
  }
  if (configMapKeyRef) return keyRef(facts.references, 'configMap', configMapKeyRef, pod)
  if (secretKeyRef) return keyRef(facts.references, 'secret', secretKeyRef, pod)
  const unknown = Object.keys(valueFrom).join(', ')
  throw new Refusal('CreateContainerConfigError', `valueFrom.${unknown} is not supported`, false)
}

async function keyRef(
  references: References,
  kind: ReferenceKind,
  ref: { readonly name?: string; readonly key: string; readonly optional?: boolean },
  pod: Pod,
): Promise<string | undefined> {
  const { name = '', key, optional } = ref
  const keys = await requiredKeys(references, kind, { name, optional })
  const value = keys?.get(key)
  if (value !== undefined || optional) return value?.toString()
  const kindName = kind === 'configMap' ? 'ConfigMap' : 'Secret'
  throw new Refusal(
    'CreateContainerConfigError',
    `couldn't find key ${key} in ${kindName} ${pod.metadata.namespace}/${name}`,
  )
}
