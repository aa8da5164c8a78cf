import { useMemo } from 'react'
import { stringify } from 'yaml'
import { copyText } from './copy-text.ts'
import { Icon } from './icon.tsx'
import { ScrollText } from './scroll-text.tsx'

interface YamlBlockProps {
  readonly title: string
  readonly value: unknown
}

/** An object as YAML, to read and to copy. */
export function YamlBlock({ title, value }: YamlBlockProps) {
  const text = useMemo(() => toYaml(value), [value])
  return (
    <section className="stack tight">
      <div className="row">
        <h3 className="grow">{title}</h3>
        <button type="button" className="button" data-look="bare" onClick={() => copyText(text)}>
          <Icon name="copy" />
          Copy
        </button>
      </div>
      <ScrollText look="code" label={title}>
        {text}
      </ScrollText>
    </section>
  )
}

/** Kubernetes' own notes about who wrote what are noise here. */
function toYaml(value: unknown): string {
  const plain: unknown = JSON.parse(JSON.stringify(value, withoutManagedFields))
  return stringify(inUsualOrder(plain), { lineWidth: 0 })
}

const first = ['apiVersion', 'kind', 'metadata', 'spec']

/** As people write manifests. */
function inUsualOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('metadata' in value)) return value
  const own = value as Readonly<Record<string, unknown>>
  const known = first.flatMap((key) => (key in own ? [[key, own[key]]] : []))
  return { ...Object.fromEntries(known), ...own }
}

function withoutManagedFields(key: string, value: unknown): unknown {
  return key === 'managedFields' ? undefined : value
}
